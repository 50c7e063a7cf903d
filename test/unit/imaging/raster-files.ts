/**
 * What the raster files of the shared data have to become. Sizes, statistics and hashes were computed with Pillow and
 * tifffile, not with the code under test; the 16-bit RGBA PNG with a decoder of its own. Only the RGB of the two CMYK
 * files is that of libvips, whose profile nobody else shares (their CMYK samples agree with Pillow).
 */
export type Expected = readonly [
  /** width x height x channels */
  shape: string,
  bits: number,
  pages: number,
  min: number,
  max: number,
  mean: number,
  /** First 16 digits of the SHA-256 of the little-endian samples; '' for lossy formats. */
  sha256: string,
];

export const readable: Readonly<Record<string, Expected>> = {
  'real/brick.png': ['512x512x1', 8, 1, 63, 207, 111.4554, '664a145c5253f0d6'],
  'real/camera.png': ['512x512x1', 8, 1, 0, 255, 129.0607, '5cb24482a53416f9'],
  'real/cell.png': ['550x660x1', 8, 1, 0, 255, 67.9607, 'dc464a59c68346fb'],
  'real/coins.png': ['384x303x1', 8, 1, 1, 252, 96.8555, 'e080cc03805f1fa7'],
  'real/ihc.png': ['512x512x3', 8, 1, 0, 255, 160.3252, 'c5b3ef509a92f16d'],
  'real/microaneurysms.png': ['102x102x1', 8, 1, 38, 129, 99.3399, '78db349f8ec2c550'],
  'real/multipage.tif': ['10x15x1', 8, 2, 0, 255, 127.5, 'a98939f6743c360e'],
  'real/retina.jpg': ['1411x1411x3', 8, 1, 0, 255, 89.698, ''],
  'odd/made_1bit.png': ['240x240x1', 1, 1, 0, 1, 0.3147, '464db416228df808'],
  'odd/made_1bit.tif': ['240x240x1', 1, 1, 0, 1, 0.3147, '464db416228df808'],
  'odd/made_1x1.png': ['1x1x1', 8, 1, 128, 128, 128.0, '76be8b528d0075f7'],
  'odd/made_4000x8.png': ['4000x8x1', 8, 1, 0, 203, 61.583, '80c7b38282c07af8'],
  'odd/made_all_black.png': ['240x240x1', 8, 1, 0, 0, 0.0, 'c72274a22cba2dce'],
  'odd/made_all_white.png': ['240x240x1', 8, 1, 255, 255, 255.0, '6364066cdff89acf'],
  'odd/made_animated.gif': ['240x240x1', 8, 10, 0, 255, 36.4991, '13d0f51e31979684'],
  'odd/made_cmyk.jpg': ['240x240x3', 8, 1, 0, 233, 78.8779, ''],
  'odd/made_exif_orientation6.jpg': ['400x600x3', 8, 1, 0, 250, 91.4032, ''],
  'odd/made_float32_hu.tif': ['256x256x1', 32, 1, -1024, 1434, -621.8603, '3cb01f24e3e50b54'],
  'odd/made_float32_nan.tif': ['256x256x1', 32, 1, -1024, 1434, -586.8237, '24136cd0001cb86c'],
  'odd/made_gray16.png': ['240x240x1', 16, 1, 0, 65535, 10299.0168, '16fc95cf46105fe4'],
  'odd/made_gray_alpha.png': ['240x240x1', 8, 1, 0, 255, 40.076, 'a18f7051425a04c2'],
  'odd/made_interlaced.png': ['240x240x1', 8, 1, 0, 255, 40.076, 'a18f7051425a04c2'],
  'odd/made_multipage8.tif': ['240x240x1', 8, 10, 0, 255, 36.4991, '13d0f51e31979684'],
  'odd/made_palette.png': ['240x240x3', 8, 1, 0, 255, 98.3222, 'f43e760247e6e076'],
  'odd/made_rgba.png': ['240x240x3', 8, 1, 0, 255, 98.3587, '24bf7560f49a72c7'],
  'odd/made_upper.PNG': ['240x240x1', 8, 1, 0, 255, 40.076, 'a18f7051425a04c2'],
  'odd/pillow_10ct_32bit_128.tiff': [
    '128x128x1',
    32,
    1,
    -3.140936851501465,
    3.140684127807617,
    0.1569,
    '404b0cc5f8819ab9',
  ],
  'odd/pillow_12in16bit.tif': ['100x100x1', 16, 1, 0, 30, 2.5882, 'a27d4bccecf4f805'],
  'odd/pillow_16bit.cropped.tif': ['64x64x1', 16, 1, 291, 694, 384.113, 'f63dec220d2b5247'],
  'odd/pillow_hopper.webp': ['128x128x3', 8, 1, 0, 255, 88.4623, ''],
  'odd/pillow_hopper_g4.tif': ['128x128x1', 1, 1, 0, 1, 0.3888, '57aec8750ebc7128'],
  'odd/pillow_hopper_lzw.tif': ['128x128x3', 8, 1, 0, 255, 88.3911, '87ce2dc3eea0549d'],
  'odd/pillow_hopper_orientation_3.jpg': ['128x128x3', 8, 1, 0, 255, 88.345, ''],
  'odd/pillow_hopper_orientation_6.jpg': ['128x128x3', 8, 1, 0, 255, 88.3622, ''],
  'odd/pillow_iss634.gif': ['245x245x3', 8, 42, 6, 246, 120.4599, '9d1b26e3ad54107c'],
  'odd/pillow_mode_16bit.png': ['128x64x3', 16, 1, 0, 65280, 21760.0, 'd0d2d9690885a8e7'],
  'odd/pillow_multipage.tiff': ['10x10x3', 8, 3, 0, 128, 42.6667, '64f4725f97b44563'],
  'odd/pillow_palette_negative.png': ['128x128x3', 8, 1, 30, 255, 167.4752, 'a998fb21744b8e1a'],
  'odd/pillow_pil_sample_cmyk.jpg': ['100x100x3', 8, 1, 0, 233, 12.1905, ''],
  'odd/pillow_tiff_16bit_RGB.tiff': ['100x40x3', 16, 1, 0, 39661, 7995.4911, 'c94a7fefdda1b6be'],
  'odd/Ünïcode näme 图像 01.png': ['240x240x1', 8, 1, 0, 255, 40.076, 'a18f7051425a04c2'],
  'broken/made_jpeg_named.dcm': ['600x600x3', 8, 1, 0, 255, 89.804, ''],
  'broken/made_jpeg_named.png': ['600x600x3', 8, 1, 0, 255, 89.804, ''],
  'broken/made_png_named.jpg': ['240x240x1', 8, 1, 0, 255, 40.076, 'a18f7051425a04c2'],
  'broken/pillow_multipage_single_frame_loop.tiff': ['10x10x3', 8, 1, 0, 128, 42.6667, '64f4725f97b44563'],
};

/** What is refused, and the reason after the file's name. */
export const refused: Readonly<Record<string, RegExp>> = {
  'odd/pillow_test-card-lossless.jp2': /^it is a JPEG 2000 file, which is not supported/,
  'broken/made_0x0.png': /^the PNG header is damaged$/,
  'broken/made_bomb_16384x16384_real.png':
    /^it declares 16384 x 16384 pixels, more than the limit of 100 megapixels$/,
  'broken/made_bomb_60000x60000.png': /^it declares 60000 x 60000 pixels, more than the limit/,
  'broken/made_bomb_65000x65000.tif': /^it declares 65000 x 65000 pixels, more than the limit/,
  'broken/made_crc_error.png': /^the PNG data is damaged or cut off$/,
  'broken/made_text.png': /^it is a text file, not an image/,
  'broken/made_truncated.png': /^the PNG data is damaged or cut off$/,
  'broken/made_zero_length.jpg': /^the file is empty$/,
  'broken/made_zero_length.png': /^the file is empty$/,
  'broken/pillow_crash-2020-10-test.tif': /^the TIFF data is damaged/,
  'broken/pillow_decompression_bomb.gif': /^the GIF data is damaged or cut off$/,
  'broken/pillow_hopper_unknown_pixel_mode.tif':
    /^its 32-bit integer samples are too large to be kept exactly/,
  'broken/pillow_oom-225817ca0f8c663be7ab4b9e717b02c661e66834.tif': /^the TIFF header is damaged$/,
  'broken/pillow_reallybig.bmp': /^it declares 3000000 x 2000000 pixels, more than the limit/,
  'broken/pillow_truncated_image.png': /^the PNG data is damaged or cut off$/,
  'broken/pillow_truncated_jpeg.jpg': /^the JPEG data is damaged or cut off$/,
  'broken/pillow_zero_width.gif': /^the GIF data is damaged or cut off$/,
};
