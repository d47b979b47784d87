// All conformance cases on the embedded network, through every release of the client that hospitals may have.
const base = require('./jest.config.cjs');

const conformance = base.projects.find(({ displayName }) => displayName === 'conformance');

/** @type {import('jest').Config} */
module.exports = { ...base, projects: [{ ...conformance, testPathIgnorePatterns: [] }] };
