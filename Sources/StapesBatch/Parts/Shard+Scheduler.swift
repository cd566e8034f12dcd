/// Why a process's environment does not tell which part of a batch it is to do.
public enum ShardError: Error, Equatable, Sendable {
  /// No scheduler and no launcher has numbered the process.
  case notNumbered
  /// A variable numbers the process, and nothing says how many parts there are.
  case noCount(variable: String)
  /// A variable is no whole number from 0; with its value, such as `PMI_RANK=x`.
  case notANumber(setting: String)
  /// Facts that cannot be true together, such as `PMI_RANK=5` and `PMI_SIZE=5`.
  case contradiction([String])
}

extension ShardError: CustomStringConvertible {
  /// What is wrong, and what helps.
  public var description: String {
    let remedy = "or give a part such as 3/8"
    return switch self {
    case .notNumbered:
      """
      nothing has numbered this process (SLURM_ARRAY_TASK_ID, SLURM_STEP_NUM_TASKS, \
      OMPI_COMM_WORLD_RANK, PMI_RANK, PMIX_RANK, JOB_COMPLETION_INDEX); start it as a job array, by \
      srun or by mpirun, \(remedy)
      """
    case .noCount(let variable):
      "\(variable) does not say how many parts there are; give their number, such as auto/8"
    case .notANumber(let setting): "\(setting) is no whole number from 0; correct it, \(remedy)"
    case .contradiction(let facts):
      "\(facts.joined(separator: " and ")) contradict each other; correct one, \(remedy)"
    }
  }
}

extension Shard {
  /// Reads which part schedulers and launchers have given to this process: a Slurm array, the tasks
  /// of `srun`, ranks of MPI (Open MPI, PMI, PMIx), or an indexed job of Kubernetes.
  ///
  /// Where each job of an array starts several tasks, every one of them is a part.
  ///
  /// - Parameters:
  ///   - environment: the process's environment.
  ///   - count: how many parts there are, where that is known; Kubernetes does not tell.
  /// - Throws: `ShardError`.
  public init(environment: [String: String], count: Int? = nil) throws(ShardError) {
    let scheduler = Scheduler(environment: environment, count: count)
    let (array, rank) = (try scheduler.array, try scheduler.rank)
    var place = array
    if let rank {
      place = Scheduler.Place(
        index: (array?.index ?? 0) * rank.count + rank.index,
        count: (array?.count ?? 1) * rank.count,
        origin: [array?.origin, rank.origin].compactMap(\.self).joined(separator: ", "))
    }
    if let index = try scheduler.number("JOB_COMPLETION_INDEX") {
      let origin = "JOB_COMPLETION_INDEX=\(index)"
      guard let count = count ?? place?.count else {
        throw .noCount(variable: "JOB_COMPLETION_INDEX")
      }
      if let place, place.index != index { throw .contradiction([place.origin, origin]) }
      place = place ?? Scheduler.Place(index: index, count: count, origin: origin)
    }
    guard let place else { throw .notNumbered }
    if let count, count != place.count {
      throw .contradiction(["\(place.count) parts (\(place.origin))", "auto/\(count)"])
    }
    guard place.index < place.count else {
      throw .contradiction([place.origin, "\(place.count) parts"])
    }
    self.init(number: place.index + 1, of: place.count)
  }
}

/// What the environment of a process says of its place among others.
private struct Scheduler {
  /// A place among some processes, from 0, and the variables that tell it.
  struct Place {
    var index, count: Int
    var origin: String
  }

  let environment: [String: String]
  let count: Int?

  /// A number from 0; nil where the variable is not set.
  func number(_ name: String) throws(ShardError) -> Int? {
    guard let text = environment[name] else { return nil }
    guard let number = Int(text), number >= 0 else { throw .notANumber(setting: "\(name)=\(text)") }
    return number
  }

  private func setting(_ name: String) -> String { "\(name)=\(environment[name] ?? "")" }

  /// The place in an array of Slurm, whose numbers need not begin at 0, nor follow each other.
  var array: Place? {
    get throws(ShardError) {
      let name = "SLURM_ARRAY_TASK_"
      guard let id = try number(name + "ID") else { return nil }
      guard let count = try number(name + "COUNT") else { throw .noCount(variable: name + "ID") }
      let first = try number(name + "MIN") ?? 0
      let step = max(1, try number(name + "STEP") ?? 1)
      let last = try number(name + "MAX") ?? first + (count - 1) * step
      // Numbers that are not evenly spaced, as of --array=1,3,7, do not tell which place is whose.
      guard (last - first) / step + 1 == count, id >= first, (id - first) % step == 0 else {
        throw .contradiction(["ID", "MIN", "MAX", "STEP", "COUNT"].map { setting(name + $0) })
      }
      return Place(index: (id - first) / step, count: count, origin: setting(name + "COUNT"))
    }
  }

  /// The place among the processes of one job.
  ///
  /// `mpirun` starts its helpers by `srun`, so that its ranks count rather than Slurm's. A batch
  /// script itself has `SLURM_PROCID` and `SLURM_NTASKS` too, and is alone: only a step has tasks.
  var rank: Place? {
    get throws(ShardError) {
      let tasks = try number("SLURM_STEP_NUM_TASKS")
      var found: [Place] = []
      for (name, sizeName) in [
        ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"),
        ("PMIX_RANK", "OMPI_COMM_WORLD_SIZE"),
      ] {
        guard let index = try number(name) else { continue }
        let ownSize = try number(sizeName)
        guard let size = ownSize ?? (name == "PMIX_RANK" ? tasks ?? count : nil) else {
          throw .noCount(variable: name)
        }
        let origin = setting(name) + (ownSize == nil ? "" : ", " + setting(sizeName))
        found.append(Place(index: index, count: size, origin: origin))
      }
      if found.isEmpty, let tasks, let index = try number("SLURM_PROCID") {
        let origin = setting("SLURM_PROCID") + ", " + setting("SLURM_STEP_NUM_TASKS")
        found.append(Place(index: index, count: tasks, origin: origin))
      }
      guard let first = found.first else { return nil }
      if let other = found.first(where: { ($0.index, $0.count) != (first.index, first.count) }) {
        throw .contradiction([first.origin, other.origin])
      }
      guard first.index < first.count else {
        throw .contradiction([first.origin, "\(first.count) processes"])
      }
      return first
    }
  }
}
