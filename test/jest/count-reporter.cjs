// Prints what was skipped and why, and one closing line that a script can read: "N passed, N failed".
// A suite that could not even be loaded counts as one failure, so that a broken import never looks green.

/** Tests that need something this machine may lack say so in their title: "… (needs Fabric's binaries)". */
class CountReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((suite) =>
      suite.testResults.filter((test) => test.status === 'pending' || test.status === 'todo').map((test) => test.fullName),
    );
    for (const name of skipped) process.stdout.write(`skipped: ${name}\n`);
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}\n`);
  }
}

module.exports = CountReporter;
