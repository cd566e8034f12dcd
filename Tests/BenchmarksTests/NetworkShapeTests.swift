import Benchmarks
import Testing

@Suite struct NetworkShapeTests {
  /// A step's operations counted one product after the other, by hand.
  @Test func theOperationsOfAStepAreThreeTimesThoseOfTheWayForward() throws {
    // Each layer: 4 gates x 256 units x (inputs + 256 units); then 29 classes x 256 units.
    let oneDirection: [Int] = [1024 * (39 + 256), 1024 * (256 + 256), 29 * 256]
    // Both directions: the second layer and the output read both.
    let bothDirections: [Int] = [2048 * (39 + 256), 2048 * (512 + 256), 29 * 512]
    // A multiplication and an addition, for each frame of 16 clips of 400.
    func step(_ products: [Int]) -> Double { Double(3 * 2 * products.reduce(0, +) * 16 * 400) }
    let shapes = Dictionary(uniqueKeysWithValues: NetworkShape.all.map { ($0.name, $0) })
    #expect(shapes["2x256"]?.stepOperationCount == step(oneDirection))
    #expect(shapes["2x256-bi"]?.stepOperationCount == step(bothDirections))
  }
}
