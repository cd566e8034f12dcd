/// Why the ranks of a job cannot work together.
package enum RankError: Error, Equatable {
  /// The launcher started `count` processes, and no MPI library can be loaded to join them.
  case noLibrary(count: Int, reason: String)
  /// The launcher started `count` processes without telling them of each other.
  case apart(count: Int)
  /// The launcher started `started` processes, and the library joined `joined` of them.
  case otherLibrary(started: Int, joined: Int, library: String)
  /// A message to or from another rank failed, with MPI's number for it.
  case connection(rank: Int, code: Int)
  /// What another rank says is not what was asked, so that it runs another program.
  case misunderstood(rank: Int)
  /// A rank runs something else than rank 0; `what` names it, with both values.
  case differs(rank: String, what: String, here: String, there: String)
  /// A rank failed, for a `reason` in words.
  case failed(rank: String, reason: String)
  /// Why the job ends has been told, by this rank or another.
  case told
}

extension RankError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noLibrary(let count, let reason):
      """
      an MPI launcher started \(count) processes, and no MPI library can be loaded: \(reason); \
      install Open MPI (libopenmpi3) or MPICH (libmpich12), whichever the launcher is of, or name \
      the library in STAPES_MPI_LIBRARY, none for processes that do not work together
      """
    case .apart(let count):
      """
      srun started \(count) processes that do not know of each other; give srun \
      --mpi=pmix or --mpi=pmi2, or set STAPES_MPI_LIBRARY=none for processes that do not work together
      """
    case .otherLibrary(let started, let joined, let library):
      """
      \(library): it joined \(joined) of \(started) processes; start them with its own launcher, or \
      name the launcher's library in STAPES_MPI_LIBRARY
      """
    case .connection(let rank, let code):
      "rank \(rank): it cannot be reached (MPI error \(code)); see what ended it, then --resume"
    case .misunderstood(let rank):
      "rank \(rank): it runs another program; start all ranks with one version"
    case .differs(let rank, let what, let here, let there):
      "\(rank): its \(what) is \(here) where rank 0 has \(there); start all ranks alike"
    case .failed(let rank, let reason): "\(rank): \(reason)"
    case .told: "why the job ends has been told"
    }
  }
}
