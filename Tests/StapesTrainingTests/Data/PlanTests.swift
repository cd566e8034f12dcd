import StapesAugmentation
import StapesKernels
import StapesTraining
import Testing

@Suite struct PlanTests {
  private func durations(_ count: Int, seed: UInt64) -> [Double] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Double.random(in: 0.1...20, using: &random) }
  }

  @Test(arguments: [0, 1, 2, 17, 300], [0, 1, 5])
  func batchesHoldEachUtteranceOnceWithinTheBound(count: Int, epoch: Int) {
    let durations = durations(count, seed: UInt64(count))
    let plan = BatchPlan(durations: durations, batchSeconds: 15, epoch: epoch, seed: 3)
    #expect(plan.batches.joined().sorted() == Array(0..<count))
    for batch in plan.batches {
      let seconds = batch.reduce(0) { $0 + durations[$1] }
      #expect(batch.count == 1 || (seconds <= 15 && !batch.isEmpty))
    }
    #expect(plan == BatchPlan(durations: durations, batchSeconds: 15, epoch: epoch, seed: 3))
  }

  @Test func firstEpochRunsFromShortToLongAndLaterOnesDoNot() {
    let durations = durations(300, seed: 9)
    func plan(_ epoch: Int, seed: UInt64 = 3) -> [[Int]] {
      BatchPlan(durations: durations, batchSeconds: 40, epoch: epoch, seed: seed).batches
    }
    let first = plan(0).joined().map { durations[$0] }
    #expect(first == durations.sorted())
    #expect(plan(1) != plan(0))
    #expect(plan(1) != plan(2))
    #expect(plan(1) != plan(1, seed: 4))
    // Utterances of one batch stay alike in length: within the tenth up or down of the blur.
    for batch in plan(1) {
      let lengths = batch.map { durations[$0] }
      guard let shortest = lengths.min(), let longest = lengths.max(), batch.count > 2 else {
        continue
      }
      #expect(longest - shortest < 0.25 * longest + 3)
    }
  }

  @Test func firstEpochCanBeLikeLaterOnes() {
    let durations = durations(300, seed: 9)
    let plan = BatchPlan(
      durations: durations, batchSeconds: 40, epoch: 0, seed: 3, sortsFirstEpoch: false)
    #expect(plan.batches.joined().sorted() == Array(0..<300))
    #expect(plan.batches.joined().map { durations[$0] } != durations.sorted())
  }

  @Test func batchesAreFilledAsFarAsTheyGo() {
    let plan = BatchPlan(durations: [4, 1, 9, 3, 2], batchSeconds: 6, epoch: 0, seed: 0)
    #expect(plan.batches == [[1, 4, 3], [0], [2]])
  }

  @Test func shardsCoverABatchEvenly() {
    for count in 0...40 {
      for largestSize in 1...9 {
        let shards = BatchPlan.shards(of: count, largestSize: largestSize)
        #expect(shards.flatMap(Array.init) == Array(0..<count))
        #expect(shards.allSatisfy { (1...largestSize).contains($0.count) })
        #expect(shards.count % 2 == 0 || shards.count == count)
        #expect((shards.count - 2) * largestSize < count)
        let sizes = shards.map(\.count)
        #expect(sizes.isEmpty || (sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
      }
    }
  }

  /// 400 clips of 0.5 to 1.5 s, of four voices.
  private func utterances(
    _ joining: Augmentation.Joining, epoch: Int = 0, seed: UInt64 = 1
  ) -> (plan: UtterancePlan, seconds: [Double], speakers: [Int]) {
    var random = SplitMix64(seed: 77)
    let seconds = (0..<400).map { _ in Double.random(in: 0.5...1.5, using: &random) }
    let speakers = (0..<400).map { $0 % 4 }
    let plan = UtterancePlan(
      seconds: seconds, speakers: speakers, joining: joining, epoch: epoch, seed: seed)
    return (plan, seconds, speakers)
  }

  @Test func withoutJoiningEachClipIsAnUtterance() {
    let plan = utterances(Augmentation.Joining()).plan
    #expect(plan.utterances.allSatisfy { $0.count == 1 })
    #expect(plan.utterances.joined().sorted() == Array(0..<400))
  }

  @Test func joinedUtterancesKeepTheirBounds() {
    var joining = Augmentation.Joining()
    joining.clipShare = 0.5
    joining.clipCount = 2...5
    joining.longestSeconds = 4
    joining.oneSpeakerShare = 0.6
    let (plan, seconds, speakers) = utterances(joining)
    #expect(plan.utterances.joined().sorted() == Array(0..<400))
    for utterance in plan.utterances {
      #expect(utterance.count <= 5)
      #expect(utterance.count == 1 || utterance.reduce(0) { $0 + seconds[$1] } <= 4)
    }
    let joined = plan.utterances.filter { $0.count > 1 }
    let joinedClipCount = joined.joined().count
    #expect(joinedClipCount > 150 && joinedClipCount <= 200)
    let ofOneVoice = joined.filter { Set($0.map { speakers[$0] }).count == 1 }
    #expect(ofOneVoice.joined().count > 90)
    #expect(joined.count - ofOneVoice.count > 10)
    #expect(utterances(joining).plan == plan)
    #expect(utterances(joining, epoch: 1).plan != plan)
    #expect(utterances(joining, seed: 2).plan != plan)
  }

  @Test func allClipsOfOneVoiceStayTogether() {
    var joining = Augmentation.Joining()
    joining.clipShare = 1
    joining.oneSpeakerShare = 1
    let (plan, _, speakers) = utterances(joining)
    for utterance in plan.utterances {
      #expect(Set(utterance.map { speakers[$0] }).count == 1)
    }
  }
}
