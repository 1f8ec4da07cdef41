import { customElementJetBrainsPlugin } from 'custom-element-jet-brains-integration';
import { customElementVsCodePlugin } from 'custom-element-vs-code-integration';

const outdir = 'web/dist';

/** The Custom Elements Manifest, and from it what VS Code and JetBrains' editors know of the element. */
export default {
  globs: ['web/element/attributes.ts', 'web/element/shout-box.ts', 'web/element/define.ts'],
  outdir,
  litelement: true,
  packagejson: false,
  plugins: [
    documentedEvents(),
    customElementVsCodePlugin({ outdir, hideLogs: true }),
    customElementJetBrainsPlugin({ outdir, hideLogs: true, packageJson: false }),
  ],
};

/** The analyzer takes the variable of `new CustomEvent(type)` for the name of an event. Real ones have a description. */
function documentedEvents() {
  return {
    name: 'documented-events',
    packageLinkPhase({ customElementsManifest }) {
      for (const { declarations } of customElementsManifest.modules) {
        for (const declaration of declarations) {
          if (declaration.events) declaration.events = declaration.events.filter(({ description }) => description);
        }
      }
    },
  };
}
