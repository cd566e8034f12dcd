extension CorpusCheck {
  /// Clips with the very same samples.
  var copyItems: Items {
    var items = Items()
    for copies in copies {
      for clip in copies.dropFirst() {
        let detail = "as \(copies[0].clip.path)"
        if copies[0].text != clip.text {
          items.add(.soundWithTwoTexts, clip, "\(detail), “\(copies[0].text)”")
        }
        if copies[0].isForValidation != clip.isForValidation {
          items.add(.trainedValidationSound, clip, detail)
        } else if copies[0].text == clip.text {
          items.add(.repeatedSound, clip, detail)
        }
      }
    }
    return items
  }

  /// The clips of one sound of which some part trains on one and measures another; nil without.
  ///
  /// - Parameter parts: of the clips that were listened to.
  public func soundShared(in parts: [CorpusFold]) -> Finding? {
    let copies = copies
    guard !copies.isEmpty else { return nil }
    var told: Set<LabelledClip> = []
    let items = parts.flatMap { part in
      let (training, test) = (Set(part.training.clips), Set(part.test.clips))
      return copies.flatMap { copies in
        let trained = copies.first { training.contains($0.clip) }
        return copies.compactMap { clip in
          trained.flatMap { trained in
            test.contains(clip.clip) && told.insert(clip.clip).inserted
              ? Finding.Item(clip.clip, "as \(trained.clip.path)") : nil
          }
        }
      }
    }
    return items.isEmpty ? nil : Finding(kind: .trainedValidationSound, items: items)
  }

  /// The clips of each sound that several have, in the order of the first; silence does not count.
  package var copies: [[ClipFacts]] {
    var groups: [[ClipFacts]] = []
    var groupOfSound: [[UInt64]: Int] = [:]
    for clip in clips {
      guard let sound = clip.heard, !sound.isSilent else { continue }
      let key = [sound.fingerprint, UInt64(sound.sampleCount), UInt64(sound.sampleRate)]
      if let group = groupOfSound[key] {
        groups[group].append(clip)
      } else {
        groupOfSound[key] = groups.count
        groups.append([clip])
      }
    }
    return groups.filter { $0.count > 1 }
  }
}
