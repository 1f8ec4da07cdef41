import './replace.ts';

// Imported only after replace.ts, so that its hooks see all imports of command.ts.
await import('./command.ts');
