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
      case .truncatedSound: "sound that ends early"
      case .silentSound: "silence"
      case .emptyText: "texts that normalisation leaves empty"
      case .unusableText: "text that cannot be read"
      case .textTooLong: "more text than the clip has room for"
      case .clipWithTwoTexts: "clips listed with different texts"
      case .soundWithTwoTexts: "the same sound with different texts"
      case .trainedValidationSound: "the same sound in training and validation"
      case .missingText: "sound without text"
      case .clippedSound: "clipped sound"
      case .excessiveSound: "sound far beyond full scale"
      case .faintSound: "very faint sound"
      case .steadySound: "steady sound that seems to contain no speech"
      case .cancellingChannels: "channels that cancel when they are mixed"
      case .bandLimitedSound: "nothing in the upper part of the spectrum"
      case .lowSampleRate: "a lower sample rate than the model's"
      case .longClip: "longer than training allows"
      case .slowText: "much longer than the text suggests"
      case .fastText: "much shorter than the text suggests"
      case .rareCharacter: "characters that hardly occur"
      case .mixedScripts: "letters of several scripts in one word"
      case .untrainedCharacter: "characters in the validation set only"
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
        "fetch or convert the files again, or remove them from the list; training skips them"
      case .silentSound: "record them again or remove them: they teach that silence is text"
      case .emptyText:
        """
        write the words as spoken, or keep the characters: --set text.punctuation=keep, \
        --digits keep, --tags keep
        """
      case .unusableText: "save the texts as UTF-8, and correct the lines listed"
      case .textTooLong:
        "check that the text belongs to the clip; otherwise train with a smaller --set stride"
      case .clipWithTwoTexts, .soundWithTwoTexts:
        "listen, and keep the right text of each; training skips them"
      case .trainedValidationSound:
        "remove them from one of the two sets: memorised clips make the error rates too low"
      case .missingText: "write a text for each, or ignore them; training does not use them"
      case .clippedSound: "record with less gain; a few such clips do little harm"
      case .excessiveSound: "divide samples written in the range of integers by 32768"
      case .faintSound, .steadySound: "listen; remove them if nothing is said"
      case .cancellingChannels:
        "training uses the louder one; one channel was recorded inverted, so check the wiring"
      case .bandLimitedSound:
        """
        look for the original recordings; mixed with full-band ones they are another kind of sound \
        to learn
        """
      case .lowSampleRate: "record them at the model's sample rate, or train a model at theirs"
      case .longClip: "cut them into sentences; training skips them"
      case .slowText, .fastText:
        "listen to the examples: the text may lack words, or belong to another clip"
      case .rareCharacter:
        "check the spelling: a model cannot learn a character from so few examples"
      case .mixedScripts: "type the words again: letters that look alike are not the same"
      case .untrainedCharacter:
        "train on clips that contain them, or respell: they are always errors"
      case .repeatedSound: "remove the copies: some may end up in the validation set"
      case .sharedSpeaker:
        "fine if the model is used by the same speakers; otherwise separate the speakers"
      case .sharedSentence: "fine for fixed phrases; otherwise the error rates are too low"
      case .offsetSound, .severalChannels, .otherSampleRate, .decomposedText:
        "nothing to do: training corrects it"
      case .repeatedClip: "nothing to do: each is used once"
      }
    }
  }
}
