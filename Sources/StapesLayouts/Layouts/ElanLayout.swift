internal import StapesScanning
internal import StapesText

extension CorpusLayout {
  /// Annotations of ELAN beside each sound file: `.eaf`.
  public static let elan = CorpusLayout(
    "ELAN annotations",
    example: "a.wav with a.eaf, whose tiers hold texts with times, a tier for each speaker",
    .labels(
      LabelFormat(endings: ["eaf"]) { file in
        ElanReader(file.text).map { LabelTier.labels(of: $0.tiers) }
      }))
}

/// Gathers the tiers of an ELAN document.
private struct ElanReader {
  private struct Tier {
    let name: String
    let speaker: String?
    let isChild: Bool
    var annotations: [String] = []
  }

  private struct Annotation {
    /// The time slots, or the annotation whose times it has.
    var slots: (start: String, end: String)?
    var parent: String?
    var text = ""
  }

  private var secondsOfSlot: [String: Double] = [:]
  /// The slots without a time of their own since the last with one.
  private var openSlots: [String] = []
  private var lastSeconds = 0.0
  private var annotations: [String: Annotation] = [:]
  private var ownTiers: [Tier] = []

  /// Reads a document; nil unless it is one of ELAN.
  init?(_ text: String) {
    var scanner = XMLScanner(text)
    var isDocument = false
    var (current, isValue) = ("", false)
    while let event = scanner.next() {
      switch event {
      case .open("ANNOTATION_DOCUMENT", _): isDocument = true
      case .open("ANNOTATION_VALUE", _): isValue = true
      case .open("ALIGNABLE_ANNOTATION", let attributes), .open("REF_ANNOTATION", let attributes):
        current = begin(attributes)
      case .open(let name, let attributes): take(name, attributes)
      case .close("ANNOTATION_VALUE"): isValue = false
      case .text(let text) where isValue: annotations[current]?.text += text
      case .close, .text: break
      }
    }
    guard isDocument else { return nil }
  }

  private mutating func take(_ name: String, _ attributes: [String: String]) {
    if name == "TIME_SLOT", let slot = attributes["TIME_SLOT_ID"] {
      takeSlot(slot, seconds: attributes["TIME_VALUE"].flatMap(Double.init).map { $0 / 1000 })
    } else if name == "TIER" {
      let speaker = attributes["PARTICIPANT"].flatMap { $0.isEmpty ? nil : $0 }
      ownTiers.append(
        Tier(
          name: attributes["TIER_ID"] ?? "", speaker: speaker,
          isChild: attributes["PARENT_REF"] != nil))
    }
  }

  /// Takes up a time slot; those without a time lie evenly between their neighbours, as ELAN draws
  /// them.
  private mutating func takeSlot(_ name: String, seconds: Double?) {
    guard let seconds else { return openSlots.append(name) }
    let step = (seconds - lastSeconds) / Double(openSlots.count + 1)
    for (index, slot) in openSlots.enumerated() {
      secondsOfSlot[slot] = lastSeconds + step * Double(index + 1)
    }
    (openSlots, lastSeconds) = ([], seconds)
    secondsOfSlot[name] = seconds
  }

  /// Takes up an annotation of the last tier; returns its name.
  private mutating func begin(_ attributes: [String: String]) -> String {
    let name = attributes["ANNOTATION_ID"] ?? "\(annotations.count)"
    var annotation = Annotation(parent: attributes["ANNOTATION_REF"])
    if let start = attributes["TIME_SLOT_REF1"], let end = attributes["TIME_SLOT_REF2"] {
      annotation.slots = (start, end)
    }
    annotations[name] = annotation
    if !ownTiers.isEmpty { ownTiers[ownTiers.count - 1].annotations.append(name) }
    return name
  }

  /// The tiers with the times that they or those above them have.
  ///
  /// Tiers that hang on others divide or explain them, so they count only where those above them
  /// hold no texts.
  var tiers: [LabelTier] {
    let all = ownTiers.map { tier in
      let segments = tier.annotations.compactMap(segment)
      return (
        tier.isChild,
        LabelTier(name: tier.name, speaker: tier.speaker, segments: segments)
      )
    }
    let roots = all.filter { !$0.0 && $0.1.segments.contains { !$0.isSilence } }
    return (roots.isEmpty ? all : roots).map(\.1)
  }

  private func segment(_ name: String) -> LabelSegment? {
    guard let annotation = annotations[name] else { return nil }
    var above = annotation
    // Annotations that refer to each other in a circle have no times.
    for _ in 0..<8 {
      guard above.slots == nil, let parent = above.parent.flatMap({ annotations[$0] })
      else { break }
      above = parent
    }
    guard let slots = above.slots, let start = secondsOfSlot[slots.start],
      let end = secondsOfSlot[slots.end], start < end
    else { return nil }
    return LabelSegment(start: start, end: end, text: annotation.text.trimmed)
  }
}
