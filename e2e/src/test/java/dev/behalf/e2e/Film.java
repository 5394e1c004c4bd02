package dev.behalf.e2e;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.awt.Color;
import java.awt.Font;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;

/** Films a page of 1000 x 604 pixels, below a bar with its address. */
final class Film {

  static final int WIDTH = 1000;
  static final int HEIGHT = 604;
  private static final int BAR = 36;

  private final List<Gif.Frame> frames = new ArrayList<>();
  private BufferedImage picture =
      new BufferedImage(WIDTH, BAR + HEIGHT, BufferedImage.TYPE_INT_ARGB);
  private int x = WIDTH * 2 / 3;
  private int y = HEIGHT * 2 / 3;

  /** Shows the page as it is now for a time. */
  void hold(Page page, int millis) throws IOException {
    var last = pixels();
    draw(page);
    var now = pixels();
    Arrays.setAll(last, i -> last[i] == now[i] ? 0 : now[i]);
    frames.add(new Gif.Frame(last, millis));
  }

  /** Films what happens until something is true. A frame is shown for as long as it took. */
  void watch(Page page, BooleanSupplier end) throws IOException {
    for (var start = System.nanoTime(); !end.getAsBoolean(); ) {
      page.waitForTimeout(100);
      var now = System.nanoTime();
      hold(page, (int) ((now - start) / 1_000_000));
      start = now;
    }
  }

  void click(Page page, Locator what) throws IOException {
    what.scrollIntoViewIfNeeded();
    var box = what.boundingBox();
    for (int left = 4; left > 0; left--) {
      x += ((int) (box.x + Math.min(box.width / 2, 60)) - x) / left;
      y += ((int) (box.y + box.height / 2) - y) / left;
      page.mouse().move(x, y);
      hold(page, left > 1 ? 70 : 400);
    }
    what.click();
  }

  /** Types into the field that has the focus. */
  void type(Page page, String text) throws IOException {
    for (var part : text.split("(?<=\\G.{4})", -1)) {
      page.keyboard().type(part);
      hold(page, 80);
    }
  }

  /** Writes the film, and its last picture for those who prefer no motion. */
  void write(Path film, Path still) throws IOException {
    Gif.write(frames, WIDTH, film);
    ImageIO.write(picture, "png", still.toFile());
  }

  private int[] pixels() {
    return picture.getRGB(0, 0, WIDTH, BAR + HEIGHT, null, 0, WIDTH);
  }

  private void draw(Page page) throws IOException {
    var onSite = page.url().startsWith("http");
    picture = new BufferedImage(WIDTH, BAR + HEIGHT, BufferedImage.TYPE_INT_RGB);
    var pen = picture.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(new Color(0xE4E6EC));
    pen.fillRect(0, 0, WIDTH, BAR);
    pen.setColor(Color.BLACK);
    pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    pen.drawString(onSite ? page.url() : "Terminal", 24, 23);
    pen.drawImage(ImageIO.read(new ByteArrayInputStream(page.screenshot())), 0, BAR, null);
    if (onSite) {
      var pointer =
          new Polygon(new int[] {0, 0, 5, 8, 11, 8, 14}, new int[] {0, 19, 15, 22, 21, 14, 14}, 7);
      pointer.translate(x, y + BAR);
      pen.fill(pointer);
      pen.setColor(Color.WHITE);
      pen.draw(pointer);
    }
  }
}
