// The import graph of docs/architecture.md, as rules. A room may be imported only through its package's index.
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    // hashes and signature checks are pure too, and both sides must run the same code
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^domain/src', pathNot: '^domain/src/crypto/' },
      to: { pathNot: ['^domain/src', 'node_modules/zod/'] },
    },
    {
      name: 'domain-crypto-is-pure',
      severity: 'error',
      from: { path: '^domain/src/crypto/' },
      // `#crypto` has two forms: Node's own library, and plain JavaScript for a browser
      to: { pathNot: ['^domain/src', '^domain/dist/crypto/', '^#crypto$', '^(node:)?crypto$', 'node_modules/@noble/(curves|hashes)/'] },
    },
    { name: 'chaincode-only-domain', severity: 'error', from: { path: '^chaincode/src' }, to: { path: '^(application|network)/' } },
    { name: 'application-not-network', severity: 'error', from: { path: '^application/src' }, to: { path: '^(network|chaincode)/' } },
    {
      name: 'network-knows-no-medicine',
      severity: 'error',
      from: { path: '^network/src' },
      to: { path: '^(domain|chaincode|application)/' },
    },
    // the verbs speak to both kinds of network by Fabric's own protocol and the control socket
    {
      name: 'administration-of-any-network',
      severity: 'error',
      from: { path: '^network/src/administration' },
      to: { path: '^network/src/fabric/' },
    },
    // the rules of configuration and policies are Fabric's; how the embedded network runs is nobody else's business
    {
      name: 'administration-only-rules-of-embedded',
      severity: 'error',
      from: { path: '^network/src/administration' },
      to: {
        path: '^network/src/embedded/',
        pathNot: '^network/src/embedded/(msp/|ports\\.ts|order/config-update\\.ts|chaincode/launch-command\\.ts)',
      },
    },
    { name: 'embedded-not-fabric', severity: 'error', from: { path: '^network/src/embedded' }, to: { path: '^network/src/fabric/' } },
    {
      name: 'no-dev-dep-in-src',
      severity: 'error',
      from: { path: '^(domain|chaincode|application|network)/src' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'require', 'default'] },
  },
};
