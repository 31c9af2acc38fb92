/** What the program's own process has used, said as its last line: the runner keeps what a program prints. */
process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  // Kilobytes and microseconds, as Node gives them.
  process.stdout.write(
    `${JSON.stringify({ bench: { mb: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1000 } })}\n`,
  );
});
