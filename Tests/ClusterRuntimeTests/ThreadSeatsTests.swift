#if os(Linux)
    import Foundation
    import Synchronization
    import Testing

    @testable import ClusterRuntime

    /// Threads that sleep on a core of their own.
    @Suite struct ThreadSeatsTests {
        private func onThread<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: body()) }
            }
        }

        @Test func aThreadStaysWhereItIsToldAndMayRoamAgain() async throws {
            let affinity = try #require(CoreAffinity())
            #expect(!affinity.cores.isEmpty)
            for core in affinity.cores {
                let (stayed, roaming) = await onThread {
                    affinity.stay(on: core)
                    let stayed = CoreAffinity()?.cores
                    affinity.roam()
                    return (stayed, CoreAffinity()?.cores)
                }
                #expect(stayed == [core])
                #expect(roaming == affinity.cores)
            }
        }

        @Test func whileItWorksAThreadRoamsAndAsleepItHasACoreOrNone() async throws {
            let affinity = try #require(CoreAffinity())
            let (working, asleep) = await onThread {
                var working: [[Int]?] = []
                for _ in 0..<3 {
                    ThreadSeats.shared.working(takesSeat: true) { working.append(CoreAffinity()?.cores) }
                }
                return (working, CoreAffinity()?.cores)
            }
            #expect(working == [affinity.cores, affinity.cores, affinity.cores])
            // Other threads may have all seats.
            #expect(asleep?.count == 1 || asleep == affinity.cores)
        }
    }
#endif
