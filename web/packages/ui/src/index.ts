export { default as HyAvatar } from './HyAvatar.vue';
export { default as HyBubble } from './HyBubble.vue';
export { default as HyConfirm } from './HyConfirm.vue';
export { default as HyIcon } from './HyIcon.vue';
export { default as HySpinner } from './HySpinner.vue';
export { type IconName, icons } from './icons.ts';
