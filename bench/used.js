/** Preload: says as the last line what this process used, and its children, of which the greatest counts for memory. */
process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stdout.write(
    `\n${JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1000, mb: maxRSS / 1024 })}\n`,
  );
});
