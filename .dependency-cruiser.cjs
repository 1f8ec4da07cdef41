/** The rules of the architecture. `npm run check` fails if an import breaks one of them. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-is-pure',
      comment: 'The domain imports nothing from outside itself: no adapter, no handler, no package, no Node.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'infra-knows-no-handler',
      severity: 'error',
      from: { path: '^src/infra/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(src/handlers|web|local)/' },
    },
    {
      name: 'adapters-behind-the-composition-root',
      comment: 'Handlers get their ports from the composition root and never make an adapter themselves.',
      severity: 'error',
      from: { path: '^src/handlers/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/infra/(gateway|identity)/' },
    },
    {
      name: 'web-shares-only-the-domain',
      severity: 'error',
      from: { path: '^web/', pathNot: '(\\.test\\.ts$|vite\\.config\\.ts$)' },
      to: { path: '^(src/(infra|handlers)|local|deploy)/' },
    },
    {
      name: 'production-is-not-local',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(local|test|bench|deploy)/' },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^virtual:' } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|build)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
