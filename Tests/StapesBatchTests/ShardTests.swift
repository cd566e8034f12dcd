import StapesBatch
import Testing

/// Which part of a batch schedulers give to a process.
@Suite struct ShardTests {
  func part(_ settings: String, of count: Int? = nil) throws -> Shard {
    let pairs = settings.split(separator: " ").map { $0.split(separator: "=") }
    let environment = Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), String($0[1])) })
    return try Shard(environment: environment, count: count)
  }

  @Test func `reads a part`() {
    #expect(Shard(parsing: "3/8") == Shard(number: 3, of: 8))
    for text in ["", "3", "0/8", "9/8", "3/8/1", "a/b", "-1/2"] {
      #expect(Shard(parsing: text) == nil, "\(text)")
    }
  }

  /// Settings as Slurm 22.05, Open MPI 4.1 and MPICH 4.0 give them.
  @Test(arguments: [
    ("SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=8", nil, 1, 8),
    // sbatch --array=1-7:2
    (
      "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 "
        + "SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_STEP=2", 4, 4, 4
    ),
    // The script of an array itself, of which each job may start two tasks, and has not.
    (
      "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=0 "
        + "SLURM_ARRAY_TASK_MAX=1 SLURM_ARRAY_TASK_STEP=1 SLURM_NTASKS=2 SLURM_PROCID=0", nil, 2, 2
    ),
    // srun in it, which starts them.
    (
      "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=3 SLURM_NTASKS=2 SLURM_PROCID=1 "
        + "SLURM_STEP_NUM_TASKS=2", 6, 4, 6
    ),
    ("SLURM_PROCID=1 SLURM_NTASKS=3 SLURM_STEP_NUM_TASKS=3", nil, 2, 3),
    ("SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=2 PMI_RANK=1 PMI_SIZE=2", nil, 2, 2),
    ("SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=2 PMIX_RANK=1", nil, 2, 2),
    // mpirun, which starts its helpers by srun, one on each node.
    (
      "OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=5 PMIX_RANK=2 SLURM_PROCID=0 "
        + "SLURM_STEP_NUM_TASKS=1 SLURM_NTASKS=1", nil, 3, 5
    ),
    ("PMI_RANK=4 PMI_SIZE=5", nil, 5, 5),
    ("PMIX_RANK=1", 2, 2, 2),
    ("JOB_COMPLETION_INDEX=3", 8, 4, 8),
  ])
  func `a scheduler says which part a process is`(
    settings: String, count: Int?, number: Int, total: Int
  ) throws {
    #expect(try part(settings, of: count) == Shard(number: number, of: total))
  }

  @Test func `what is missing or contradicts itself is refused`() {
    func refusal(_ settings: String, of count: Int? = nil) -> ShardError? {
      #expect(throws: ShardError.self) { try part(settings, of: count) }
    }
    // The script of a job that is no array is alone, whatever it may start.
    #expect(refusal("SLURM_JOB_ID=7 SLURM_PROCID=0 SLURM_NTASKS=4") == .notNumbered)
    #expect(refusal("") == .notNumbered)
    #expect(refusal("JOB_COMPLETION_INDEX=3") == .noCount(variable: "JOB_COMPLETION_INDEX"))
    #expect(refusal("PMIX_RANK=3") == .noCount(variable: "PMIX_RANK"))
    #expect(refusal("PMI_RANK=3") == .noCount(variable: "PMI_RANK"))
    #expect(refusal("SLURM_ARRAY_TASK_ID=3") == .noCount(variable: "SLURM_ARRAY_TASK_ID"))
    #expect(refusal("PMI_RANK=x PMI_SIZE=2") == .notANumber(setting: "PMI_RANK=x"))
    #expect(refusal("PMI_RANK=-1 PMI_SIZE=2") == .notANumber(setting: "PMI_RANK=-1"))
    for (settings, count) in [
      ("PMI_RANK=5 PMI_SIZE=5", nil), ("JOB_COMPLETION_INDEX=8", 8), ("PMIX_RANK=2", 2),
      // A job of an array that is begun again by itself calls itself one of one.
      (
        "SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=2 "
          + "SLURM_ARRAY_TASK_MAX=2 SLURM_ARRAY_TASK_STEP=1", 8
      ),
      // sbatch --array=1,3,7 and --array=0,1,5
      (
        "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 "
          + "SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_STEP=1", nil
      ),
      (
        "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=0 "
          + "SLURM_ARRAY_TASK_MAX=5 SLURM_ARRAY_TASK_STEP=1", nil
      ),
      ("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 PMI_RANK=1 PMI_SIZE=4", nil),
      ("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2", 3),
      ("PMI_RANK=1 PMI_SIZE=4 JOB_COMPLETION_INDEX=2", nil),
    ] as [(String, Int?)] {
      guard case .contradiction(let facts) = refusal(settings, of: count) else {
        Issue.record("\(settings)")
        continue
      }
      #expect(facts.count >= 2)
    }
    #expect(
      "\(ShardError.contradiction(["PMI_RANK=5", "5 processes"]))"
        == "PMI_RANK=5 and 5 processes contradict each other; correct one, or give a part such as 3/8"
    )
  }
}
