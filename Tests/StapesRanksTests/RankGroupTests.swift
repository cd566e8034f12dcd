import StapesKernels
import StapesRanks
import TestSupport
import Testing

@Suite struct RankGroupTests {
}
