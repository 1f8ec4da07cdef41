import './replace.ts';

// Imported only after replace.ts, so that the hooks of replace.ts see all imports of command.ts.
await import('./command.ts');
