// The whole library with one import. Each module is also there by itself.

@_exported public import StapesAudio
@_exported public import StapesAugmentation
@_exported public import StapesBatch
@_exported public import StapesCorpus
@_exported public import StapesDecoding
@_exported public import StapesEvaluation
@_exported public import StapesFeatures
@_exported public import StapesFiles
@_exported public import StapesKernels
@_exported public import StapesLanguage
@_exported public import StapesLayouts
@_exported public import StapesModel
@_exported public import StapesNetwork
@_exported public import StapesRanks
@_exported public import StapesRecognition
@_exported public import StapesReports
@_exported public import StapesScanning
@_exported public import StapesScoring
@_exported public import StapesSpotting
@_exported public import StapesText
@_exported public import StapesTraining
@_exported public import StapesTranscript
