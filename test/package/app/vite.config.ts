import vue from '@vitejs/plugin-vue';

export default {
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag: string) => tag === 'shout-box' } } })],
  build: { rollupOptions: { input: ['react.html', 'vue.html'] } },
};
