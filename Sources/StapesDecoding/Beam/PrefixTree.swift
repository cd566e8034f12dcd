/// Label sequences that share prefixes: each is a node, and the way to it from the root
/// spells its labels.
///
/// Nodes are numbers, given in order, so that a parent's is smaller than its child's.
struct PrefixTree: Sendable {
  private struct Node {
    var parent: Int32
    var label: Int32
    var length: Int32
    /// The last child that was added, and the child of the same parent that was added before; the
    /// root, which is no child, ends the list.
    var lastChild: Int32 = 0
    var childBefore: Int32 = 0
  }

  /// The empty sequence.
  static let root: Int32 = 0

  private var nodes = [Node(parent: -1, label: 0, length: 0)]

  /// The number of nodes, the root included.
  var nodeCount: Int { nodes.count }

  /// The parent of a node, -1 for the root.
  func parent(of node: Int32) -> Int32 { nodes[Int(node)].parent }

  /// The last label of a node's sequence, 0 for the root.
  func lastLabel(of node: Int32) -> Int32 { nodes[Int(node)].label }

  /// All labels of a node's sequence.
  func labels(of node: Int32) -> [Int] {
    var labels: [Int] = []
    var node = node
    while node != Self.root {
      labels.append(Int(nodes[Int(node)].label))
      node = nodes[Int(node)].parent
    }
    return labels.reversed()
  }

  /// The node of a sequence with one more label, nil where it is not there.
  func existingChild(of parent: Int32, label: Int32) -> Int32? {
    var child = nodes[Int(parent)].lastChild
    while child != Self.root {
      if nodes[Int(child)].label == label { return child }
      child = nodes[Int(child)].childBefore
    }
    return nil
  }

  /// The node of a sequence with one more label, which is added where it is not there yet.
  mutating func child(of parent: Int32, label: Int32) -> Int32 {
    if let child = existingChild(of: parent, label: label) { return child }
    let child = Int32(nodes.count)
    let youngest = nodes[Int(parent)].lastChild
    nodes[Int(parent)].lastChild = child
    nodes.append(
      Node(
        parent: parent, label: label, length: nodes[Int(parent)].length + 1, childBefore: youngest))
    return child
  }

  /// Whether one sequence comes before another in the order of labels; each is a node's, and one
  /// label more unless that is 0.
  func isOrdered(_ a: (node: Int32, label: Int32), before b: (node: Int32, label: Int32)) -> Bool {
    var (x, y) = (a, b)
    // Steps back to where both are equally long, then to where they part.
    let (xLength, yLength) = (length(x), length(y))
    for _ in yLength..<max(xLength, yLength) { x = withoutLast(x) }
    for _ in xLength..<max(xLength, yLength) { y = withoutLast(y) }
    var (xLabel, yLabel) = (Int32(0), Int32(0))
    while x != y {
      (xLabel, yLabel) = (last(x), last(y))
      (x, y) = (withoutLast(x), withoutLast(y))
    }
    return xLabel == yLabel ? xLength < yLength : xLabel < yLabel
  }

  private func length(_ sequence: (node: Int32, label: Int32)) -> Int32 {
    nodes[Int(sequence.node)].length + (sequence.label == 0 ? 0 : 1)
  }

  private func last(_ sequence: (node: Int32, label: Int32)) -> Int32 {
    sequence.label == 0 ? nodes[Int(sequence.node)].label : sequence.label
  }

  private func withoutLast(
    _ sequence: (node: Int32, label: Int32)
  ) -> (node: Int32, label: Int32) {
    (sequence.label == 0 ? nodes[Int(sequence.node)].parent : sequence.node, 0)
  }

  /// The node of some labels, nil where they are not there.
  func node(of labels: some Sequence<Int>) -> Int32? {
    var node = Self.root
    for label in labels {
      guard let child = existingChild(of: node, label: Int32(label)) else { return nil }
      node = child
    }
    return node
  }

  /// Drops the nodes that no given node descends from, and makes another node the root; gives each
  /// node's new number, -1 for those dropped.
  ///
  /// - Precondition: the given nodes are the new root or descend from it.
  mutating func keepAncestors(
    of kept: some Sequence<Int32>, downFrom newRoot: Int32 = root
  ) -> [Int32] {
    var renumbered = [Int32](repeating: -1, count: nodes.count)
    renumbered[Int(newRoot)] = 0
    for var node in kept {
      while renumbered[Int(node)] < 0 {
        renumbered[Int(node)] = 0
        node = nodes[Int(node)].parent
      }
    }
    let old = nodes
    nodes.removeAll(keepingCapacity: true)
    nodes.append(Node(parent: -1, label: 0, length: 0))
    for node in Int(newRoot) + 1..<max(old.count, Int(newRoot) + 1) where renumbered[node] == 0 {
      renumbered[node] = child(of: renumbered[Int(old[node].parent)], label: old[node].label)
    }
    return renumbered
  }
}
