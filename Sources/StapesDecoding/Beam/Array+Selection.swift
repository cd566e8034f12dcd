extension Array {
  /// Reorders the elements so that the first `count` are those that come first (quickselect).
  ///
  /// - Parameters:
  ///   - count: between 0 and the number of elements.
  ///   - precedes: a strict order in which no two elements are equal.
  mutating func moveToFront(_ count: Int, by precedes: (Element, Element) -> Bool) {
    var (low, high) = (0, self.count)  // The place `count` is in low..<high, or at its end.
    while high - low > 1, count > low, count < high {
      let boundary = partition(low, high, by: precedes)
      if count <= boundary { high = boundary } else { low = boundary + 1 }
    }
  }

  /// Brings one element of a range to its place in the order: those before it precede it.
  private mutating func partition(
    _ low: Int, _ high: Int, by precedes: (Element, Element) -> Bool
  ) -> Int {
    let (middle, last) = (low + (high - low) / 2, high - 1)
    // The median of three becomes the last element.
    if precedes(self[middle], self[low]) { swapAt(low, middle) }
    if precedes(self[last], self[low]) { swapAt(low, last) }
    if precedes(self[middle], self[last]) { swapAt(middle, last) }
    let pivot = self[last]
    var boundary = low
    for index in low..<last where precedes(self[index], pivot) {
      swapAt(boundary, index)
      boundary += 1
    }
    swapAt(boundary, last)
    return boundary
  }
}
