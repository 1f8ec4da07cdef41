import { createRoot } from 'react-dom/client';
import { Shouts } from './shouts';

createRoot(document.getElementById('app')!).render(
  <Shouts
    onState={({ connectionState }) => {
      document.title = connectionState;
    }}
  />,
);
