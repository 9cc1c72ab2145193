/**
 * The colours of the default pages as custom properties: verdigris on stone, with bronze for the hinges.
 * `edge` and `focus` mark controls and keep 3:1 on both grounds; everything written keeps 4.5:1.
 */
export const palette = `
:root {
  color-scheme: light dark;
  --ground: #e6ebe9;
  --panel: #fdfefd;
  --inset: #f1f5f3;
  --ink: #14201d;
  --ink-soft: #4a5a55;
  --line: #cdd6d2;
  --edge: #6c7d77;
  --accent: #0d5b4e;
  --accent-strong: #08443a;
  --on-accent: #ffffff;
  --stile: #0d5b4e;
  --focus: #0b57d0;
  --bronze: #9a6a2c;
  --bronze-lit: #c9974f;
  --alarm: #98182a;
  --alarm-ground: #fbeced;
  --shadow: 0 1px 2px rgb(20 32 29 / 0.06), 0 18px 40px -18px rgb(20 32 29 / 0.28);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1513;
    --panel: #16211e;
    --inset: #1d2a26;
    --ink: #e9f0ed;
    --ink-soft: #a8b9b3;
    --line: #2e3d38;
    --edge: #80938c;
    --accent: #6fcab3;
    --accent-strong: #9be3d0;
    --on-accent: #06231c;
  --stile: #2c7566;
    --focus: #9cc2ff;
    --bronze: #a8793b;
    --bronze-lit: #dcb172;
    --alarm: #ffb4b0;
    --alarm-ground: #3a191d;
    --shadow: 0 1px 0 rgb(255 255 255 / 0.03) inset, 0 18px 40px -18px rgb(0 0 0 / 0.7);
  }
}
`
