import { customElementJetBrainsPlugin } from 'custom-element-jet-brains-integration';
import { customElementVsCodePlugin } from 'custom-element-vs-code-integration';

const outdir = 'web/dist';

/** Writes the Custom Elements Manifest, and files from which VS Code and JetBrains' editors learn about the element. */
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

/**
 * Removes events without a description. For `this.dispatchEvent(new CustomEvent(type))` the analyzer would list an
 * event named `type`, after the variable.
 */
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
