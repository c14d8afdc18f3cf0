// Loaded into the relay's process beside it, never part of it: tells the benchmark what only the process knows.
process.on('message', () => {
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  process.send?.({ rss, heapUsed, external, arrayBuffers });
});
process.channel?.unref();
