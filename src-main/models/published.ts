const vit = 'dinov3_vit';
const rows: readonly [repository: string, title: string, family: string, megabytes: number][] = [
  ['facebook/dinov3-vits16-pretrain-lvd1689m', 'DINOv3 ViT-S/16', vit, 86],
  ['facebook/dinov3-vits16plus-pretrain-lvd1689m', 'DINOv3 ViT-S+/16', vit, 115],
  ['facebook/dinov3-vitb16-pretrain-lvd1689m', 'DINOv3 ViT-B/16', vit, 343],
  ['facebook/dinov3-vitl16-pretrain-lvd1689m', 'DINOv3 ViT-L/16', vit, 1213],
  ['facebook/dinov3-vith16plus-pretrain-lvd1689m', 'DINOv3 ViT-H+/16', vit, 3363],
  ['facebook/dinov3-vit7b16-pretrain-lvd1689m', 'DINOv3 ViT-7B/16', vit, 26_864],
  ['facebook/dinov3-vitl16-pretrain-sat493m', 'DINOv3 ViT-L/16, satellite', vit, 1213],
  ['facebook/dinov3-vit7b16-pretrain-sat493m', 'DINOv3 ViT-7B/16, satellite', vit, 26_864],
  ['facebook/dinov3-convnext-tiny-pretrain-lvd1689m', 'DINOv3 ConvNeXt-T', 'dinov3_convnext', 111],
  ['facebook/dinov3-convnext-small-pretrain-lvd1689m', 'DINOv3 ConvNeXt-S', 'dinov3_convnext', 198],
  ['facebook/dinov3-convnext-base-pretrain-lvd1689m', 'DINOv3 ConvNeXt-B', 'dinov3_convnext', 350],
  ['facebook/dinov3-convnext-large-pretrain-lvd1689m', 'DINOv3 ConvNeXt-L', 'dinov3_convnext', 785],
  ['facebook/dinov2-small', 'DINOv2 ViT-S/14', 'dinov2', 88],
  ['facebook/dinov2-base', 'DINOv2 ViT-B/14', 'dinov2', 346],
  ['facebook/dinov2-large', 'DINOv2 ViT-L/14', 'dinov2', 1218],
  ['facebook/dinov2-giant', 'DINOv2 ViT-g/14', 'dinov2', 4546],
  ['facebook/dinov2-with-registers-small', 'DINOv2 ViT-S/14, registers', 'dinov2_with_registers', 88],
  ['facebook/dinov2-with-registers-base', 'DINOv2 ViT-B/14, registers', 'dinov2_with_registers', 346],
  ['facebook/dinov2-with-registers-large', 'DINOv2 ViT-L/14, registers', 'dinov2_with_registers', 1218],
  ['facebook/dinov2-with-registers-giant', 'DINOv2 ViT-g/14, registers', 'dinov2_with_registers', 4546],
  ['openai/clip-vit-large-patch14', 'CLIP ViT-L/14', 'clip', 1711],
  ['openai/clip-vit-base-patch16', 'CLIP ViT-B/16', 'clip', 599],
  ['laion/CLIP-ViT-L-14-laion2B-s32B-b82K', 'CLIP ViT-L/14, LAION-2B', 'clip', 1711],
  ['laion/CLIP-ViT-B-32-laion2B-s34B-b79K', 'CLIP ViT-B/32, LAION-2B', 'clip', 605],
];

/** What the publishers offer in the layout that Nidus converts. Sizes are rounded; the hub says the exact ones. */
export const publishedModels = rows.map(([repository, title, family, megabytes]) => ({
  repository,
  title,
  kind: family === 'clip' ? ('text' as const) : ('image' as const),
  family,
  megabytes,
}));
