import './replace.ts';

// Loaded after the hooks are in place, with all that it imports.
await import('./command.ts');
