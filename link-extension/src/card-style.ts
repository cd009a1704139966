export const cardStyle = `
:host { all: initial; }
.veil {
  position: fixed; inset: 0; z-index: 2147483647; overflow: auto; display: grid; place-items: center;
  padding: 16px; box-sizing: border-box; background: #eef3f0; color: #14201a;
  font: 16px/1.5 system-ui, sans-serif;
}
section {
  box-sizing: border-box; width: 100%; max-width: 480px; padding: 28px; border-radius: 16px;
  background: #fff; box-shadow: 0 1px 3px #0003, 0 12px 40px #0001;
}
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.25; }
p { margin: 0 0 14px; }
.label { margin: 0; font-size: 14px; color: #52625a; }
.origin {
  padding: 10px 12px; border-radius: 8px; background: #eef3f0; overflow-wrap: anywhere;
  font: 600 17px/1.4 ui-monospace, monospace;
}
.warning { margin: 0 0 14px; padding: 14px; border: 2px solid #b3261e; border-radius: 10px; background: #fdeceb; color: #5c1410; }
.warning strong { display: block; margin-bottom: 4px; font-size: 17px; }
.known { color: #52625a; }
label { display: flex; gap: 10px; align-items: flex-start; margin: 0 0 18px; cursor: pointer; }
input { flex: none; width: 20px; height: 20px; margin: 2px 0 0; accent-color: #0b6b45; }
.buttons { display: flex; flex-wrap: wrap; gap: 10px; }
button {
  flex: 1 1 auto; min-height: 48px; padding: 0 18px; border: 1px solid #7b8a82; border-radius: 10px;
  background: transparent; color: inherit; font: 600 16px system-ui, sans-serif; cursor: pointer;
}
.confirm { border-color: #0b6b45; background: #0b6b45; color: #fff; }
button:disabled { opacity: .45; cursor: default; }
:focus-visible { outline: 3px solid #1769d2; outline-offset: 2px; }
.status { min-height: 24px; margin: 14px 0 0; font-weight: 600; }
@media (prefers-color-scheme: dark) {
  .veil { background: #0d1411; color: #e6eee9; }
  section { background: #17211c; }
  .label, .known { color: #9fb0a7; }
  .origin { background: #22302a; }
  .warning { border-color: #ff8a80; background: #3a1512; color: #ffdad6; }
  .confirm { border-color: #3ecf8e; background: #3ecf8e; color: #06140d; }
  button { border-color: #6d7d75; }
  :focus-visible { outline-color: #8ab8ff; }
}
`;
