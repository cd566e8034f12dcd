/// What a stream of random numbers is for: each purpose draws from its own stream of the run's
/// seed, so that one choice more in one place changes nothing in another.
package enum RandomStream: UInt64 {
  case weights = 1
  case utterances
  case batches
  case augmentation
  case dropout
  case rooms
  case replay
  case gradients
  case background
}
