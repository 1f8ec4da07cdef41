export default {
  globs: ['web/element/shout-box.ts', 'web/element/define.ts'],
  outdir: 'web/dist',
  litelement: true,
  packagejson: false,
};
