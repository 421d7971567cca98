import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      // Pure code: the tests share a worker's modules.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], pool: 'threads', isolate: false, testTimeout: 180_000 } },
      // Real parts, and whole nights on them.
      {
        test: {
          name: 'parts',
          include: ['test/contracts/**/*.test.ts', 'test/integration/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          isolate: false,
          globalSetup: ['test/kit/build-once.ts'],
          // Ends what hangs; a busy machine needs long.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
