package dev.behalf.web.identity.secondfactor;

import io.nayuki.qrcodegen.QrCode;

/**
 * A QR code as the path of an SVG image, one unit for a module, with the border that scanners need.
 *
 * @param size width and height in units
 */
record QrCodeImage(int size, String path) {

  private static final int BORDER = 4;

  static QrCodeImage of(String text) {
    var code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
    var path = new StringBuilder();
    for (int y = 0; y < code.size; y++) {
      for (int x = 0; x < code.size; x++) {
        if (code.getModule(x, y)) {
          path.append("M%d,%dh1v1h-1z".formatted(x + BORDER, y + BORDER));
        }
      }
    }
    return new QrCodeImage(code.size + 2 * BORDER, path.toString());
  }
}
