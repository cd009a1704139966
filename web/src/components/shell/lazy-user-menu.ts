import { defineAsyncComponent } from 'vue';

/** A menu is worth a good deal of code and nobody opens it in the first second: it comes after the page. */
export const UserMenu = defineAsyncComponent(() => import('./UserMenu.vue'));
