import '../element/define.ts';
import { server } from './server.ts';

for (const box of document.querySelectorAll('shout-box')) box.server = server;
