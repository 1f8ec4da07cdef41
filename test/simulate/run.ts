import './replace.ts';

// Loaded only after the hooks are in place, so that they see all its imports.
await import('./command.ts');
