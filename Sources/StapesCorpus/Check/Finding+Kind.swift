extension Finding {
  /// What can be found, the worst first.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case missingSound, unreadableSound, nonFiniteSound, truncatedSound, silentSound
    case emptyText, unusableText, textTooLong, clipWithTwoTexts, soundWithTwoTexts
    case trainedValidationSound
    case missingText, clippedSound, excessiveSound, faintSound, steadySound
    case cancellingChannels
    case bandLimitedSound, lowSampleRate, longClip, slowText, fastText
    case rareCharacter, mixedScripts, untrainedCharacter, repeatedSound
    case sharedSpeaker, sharedSentence
    case offsetSound, severalChannels, otherSampleRate, decomposedText, repeatedClip

    /// How much it matters.
    public var severity: Severity {
      switch self {
      case .missingSound, .unreadableSound, .nonFiniteSound, .truncatedSound, .silentSound,
        .emptyText, .unusableText, .textTooLong, .clipWithTwoTexts, .soundWithTwoTexts,
        .trainedValidationSound:
        .error
      case .offsetSound, .severalChannels, .otherSampleRate, .decomposedText, .repeatedClip: .note
      default: .warning
      }
    }

    /// What was found, in a few words.
    public var title: String {
      switch self {
      case .missingSound: "text without sound"
      case .unreadableSound: "sound that cannot be read"
      case .nonFiniteSound: "samples that are no finite numbers"
      case .truncatedSound: "sound that ends before it should"
      case .silentSound: "silence"
      case .emptyText: "nothing to learn in the text"
      case .unusableText: "text that cannot be read"
      case .textTooLong: "more text than the clip has room for"
      case .clipWithTwoTexts: "clips listed with different texts"
      case .soundWithTwoTexts: "the same sound with different texts"
      case .trainedValidationSound: "the same sound in training and validation"
      case .missingText: "sound without text"
      case .clippedSound: "clipped sound"
      case .excessiveSound: "sound far beyond full scale"
      case .faintSound: "very faint sound"
      case .steadySound: "steady sound, in which nobody seems to speak"
      case .cancellingChannels: "channels that cancel when they are mixed"
      case .bandLimitedSound: "nothing in the upper part of the spectrum"
      case .lowSampleRate: "a lower sample rate than the model's"
      case .longClip: "longer than training allows"
      case .slowText: "much longer than the text suggests"
      case .fastText: "much shorter than the text suggests"
      case .rareCharacter: "characters that hardly occur"
      case .mixedScripts: "letters of several scripts in one word"
      case .untrainedCharacter: "characters that only validation has"
      case .repeatedSound: "the same sound more than once"
      case .sharedSpeaker: "the same speaker in training and validation"
      case .sharedSentence: "the same sentence in training and validation"
      case .offsetSound: "samples off zero in the mean"
      case .severalChannels: "several channels"
      case .otherSampleRate: "a higher sample rate than the model's"
      case .decomposedText: "accents written apart from their letters"
      case .repeatedClip: "clips listed more than once"
      }
    }

    /// What mends it.
    public var remedy: String {
      switch self {
      case .missingSound, .unreadableSound, .nonFiniteSound, .truncatedSound:
        "fetch or convert the files again, or take them off the list; training leaves them out"
      case .silentSound: "record them again or remove them: they teach that silence is text"
      case .emptyText:
        "write what is said, or keep it: --punctuation keep, --digits keep, --tags keep"
      case .unusableText: "save the texts as UTF-8, and mend the lines named"
      case .textTooLong:
        "check that the text is that of the clip; else train with a smaller --stride"
      case .clipWithTwoTexts, .soundWithTwoTexts:
        "listen, and keep the right text of each; training skips them"
      case .trainedValidationSound:
        "take them out of one of the two: the figures count what was learnt by heart"
      case .missingText: "write a text for each, or leave them; training does not see them"
      case .clippedSound: "record with less gain; a few such clips do little harm"
      case .excessiveSound: "divide samples written in the range of integers by 32768"
      case .faintSound, .steadySound: "listen; remove them if nothing is said"
      case .cancellingChannels:
        "training takes the louder one; one channel was recorded inverted, so see to the wiring"
      case .bandLimitedSound:
        "look for the original recordings; mixed with full ones they teach two kinds of sound"
      case .lowSampleRate: "record them at the model's rate, or train a model of their rate"
      case .longClip: "cut them into sentences; training leaves them out"
      case .slowText, .fastText: "listen to the examples: the text may lack words, or be another's"
      case .rareCharacter: "check the spelling: a model cannot learn a letter from so few"
      case .mixedScripts: "type the words again: letters that look alike are not the same"
      case .untrainedCharacter: "train on clips that have them, or respell: they are always errors"
      case .repeatedSound: "remove the copies: held-out clips may be among them"
      case .sharedSpeaker: "fine for known voices; for new ones part the speakers"
      case .sharedSentence: "fine for fixed phrases; else the figures flatter the model"
      case .offsetSound, .severalChannels, .otherSampleRate, .decomposedText:
        "nothing to do: training takes care of it"
      case .repeatedClip: "nothing to do: each is used once"
      }
    }
  }
}
