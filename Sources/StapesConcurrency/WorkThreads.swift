internal import Dispatch

/// Threads for tasks that compute for long, so that those which serve others stay free.
///
/// There are as many as tasks prefer it at a time; see `withTaskExecutorPreference`.
package final class WorkThreads: TaskExecutor {
  private let queue: DispatchQueue

  /// Makes an executor.
  ///
  /// - Parameter name: how debuggers call its threads.
  package init(name: String) { queue = DispatchQueue(label: name, attributes: .concurrent) }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { [self] in unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
