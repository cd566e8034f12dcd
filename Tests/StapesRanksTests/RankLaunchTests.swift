import CMPI
import Foundation
import StapesRanks
import TestSupport
import Testing

@Suite struct RankLaunchTests {
  @Test func launchersAreKnownByWhatTheySay() throws {
    func launch(_ environment: [String: String]) throws(RankError) -> RankLaunch? {
      try RankLaunch(environment: environment)
    }
    #expect(try launch([:]) == nil)
    // mpirun of Open MPI 4.1; its first name says which library.
    let openMPI = try launch(["OMPI_COMM_WORLD_SIZE": "4", "PMIX_RANK": "1"])
    #expect(openMPI?.count == 4 && openMPI?.libraries.first == "libmpi.so.40")
    // mpiexec of MPICH 4.0, and srun --mpi=pmi2.
    let mpich = try launch(["PMI_SIZE": "3", "PMI_RANK": "0", "MPI_LOCALNRANKS": "3"])
    #expect(mpich?.count == 3 && mpich?.libraries.first == "libmpich.so.12")
    // srun --mpi=pmix.
    let slurm = try launch(["PMIX_RANK": "0", "SLURM_STEP_NUM_TASKS": "2"])
    #expect(slurm?.count == 2 && slurm?.libraries.first == "libmpi.so.40")
    #expect(try launch(["OMPI_COMM_WORLD_SIZE": "1"]) == nil)
    #expect(try launch(["OMPI_COMM_WORLD_SIZE": "4", "STAPES_MPI_LIBRARY": "none"]) == nil)
    let named = try launch(["PMI_SIZE": "2", "STAPES_MPI_LIBRARY": "/opt/mpi/libmpi.so"])
    #expect(named?.libraries == ["/opt/mpi/libmpi.so"])
    // In a batch script, whose tasks srun is still to start.
    #expect(try launch(["SLURM_NTASKS": "8", "SLURM_PROCID": "0"]) == nil)
    #expect(throws: RankError.apart(count: 2)) { try launch(["SLURM_STEP_NUM_TASKS": "2"]) }
  }

  /// What a library's own header makes of the constants in our table.
  private static let program = """
    #include <mpi.h>
    #include <stdio.h>
    int main(void) {
      printf("%lld %lld %lld %lld %d %d\\n", (long long)(__INTPTR_TYPE__)MPI_COMM_WORLD,
        (long long)(__INTPTR_TYPE__)MPI_BYTE, (long long)(__INTPTR_TYPE__)MPI_ERRORS_RETURN,
        (long long)(__INTPTR_TYPE__)MPI_STATUS_IGNORE, MPI_THREAD_SERIALIZED, MPI_SUCCESS);
      printf("%zu %zu\\n", sizeof(MPI_Request), sizeof(MPI_Comm));
    #ifdef OPEN_MPI
      extern struct ompi_predefined_communicator_t ompi_mpi_comm_world;
      extern struct ompi_predefined_datatype_t ompi_mpi_byte;
      extern struct ompi_predefined_errhandler_t ompi_mpi_errors_return;
      printf("%lld %lld %lld\\n", (long long)(__INTPTR_TYPE__)&ompi_mpi_comm_world,
        (long long)(__INTPTR_TYPE__)&ompi_mpi_byte,
        (long long)(__INTPTR_TYPE__)&ompi_mpi_errors_return);
    #endif
      return 0;
    }
    """

  private static func isInstalled(_ compiler: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/" + compiler)
  }

  private func constants(by compiler: String) throws -> [[Int]] {
    try withTemporaryFolder { folder in
      try Data(Self.program.utf8).write(to: URL(filePath: folder + "/constants.c"))
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = [
        "-c", "cd '\(folder)' && \(compiler) constants.c -o constants && ./constants >found",
      ]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let found = try String(contentsOf: URL(filePath: folder + "/found"), encoding: .utf8)
      return found.split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }
    }
  }

  /// A row of our table.
  private struct Family {
    /// What are numbers in it: the handles, MPI_STATUS_IGNORE, and the thread level.
    let numbers: [Int]
    /// The names of the symbols whose addresses are handles.
    let names: [String]

    init?(_ number: CInt) {
      guard let family = unsafe stapes_mpi_family(number)?.pointee else { return nil }
      numbers = unsafe [
        family.world, family.byte, family.errors_return, family.no_status, Int(family.serialized),
      ]
      names = unsafe [family.world_symbol, family.byte_symbol, family.errors_return_symbol]
        .compactMap { unsafe $0.map { unsafe String(cString: $0) } }
    }
  }

  @Test(.enabled(if: isInstalled("mpicc.mpich"), "mpicc.mpich is not installed"))
  func theTableIsThatOfMPICH() throws {
    let found = try constants(by: "mpicc.mpich")
    let table = try #require(Family(1))
    #expect(found[0] == table.numbers + [0] && table.names.isEmpty && Family(2) == nil)
    #expect(found[1].allSatisfy { $0 <= MemoryLayout<Int>.size })
  }

  @Test(.enabled(if: isInstalled("mpicc.openmpi"), "mpicc.openmpi is not installed"))
  func theTableIsThatOfOpenMPI() throws {
    let found = try constants(by: "mpicc.openmpi")
    let table = try #require(Family(0))
    // Handles are the addresses of what the table names.
    #expect(table.names == ["ompi_mpi_comm_world", "ompi_mpi_byte", "ompi_mpi_errors_return"])
    #expect(found[2] == Array(found[0][0..<3]))
    #expect(Array(found[0][3...]) == table.numbers[3...] + [0])
    #expect(found[1].allSatisfy { $0 <= MemoryLayout<Int>.size })
  }
}
