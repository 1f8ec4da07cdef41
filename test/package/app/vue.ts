import { createApp } from 'vue';
import Shouts from './shouts.vue';

createApp(Shouts).mount('#app');
