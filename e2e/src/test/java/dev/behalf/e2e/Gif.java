package dev.behalf.e2e;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadataNode;

/** Writes frames as one animated GIF, which repeats. */
final class Gif {

  /** Index of the transparent colour, behind all others. */
  private static final int CLEAR = 255;

  private Gif() {}

  /**
   * A picture that is drawn over the one before.
   *
   * @param argb its pixels; those that did not change are 0, which is transparent
   * @param millis how long it is shown
   */
  record Frame(int[] argb, int millis) {}

  static void write(List<Frame> frames, int width, Path file) throws IOException {
    Files.deleteIfExists(file);
    var palette = palette(frames);
    var writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (var out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (var frame : frames) {
        var height = frame.argb().length / width;
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, palette);
        picture.setRGB(0, 0, width, height, frame.argb(), 0, width);
        var type = ImageTypeSpecifier.createFromRenderedImage(picture);
        var about = writer.getDefaultImageMetadata(type, null);
        about.mergeTree(about.getNativeMetadataFormatName(), about(frame));
        writer.writeToSequence(new IIOImage(picture, null, about), null);
      }
      writer.endWriteSequence();
    }
  }

  /** Returns the most frequent colours: pages have few. */
  private static IndexColorModel palette(List<Frame> frames) {
    var counts =
        frames.stream()
            .flatMapToInt(frame -> Arrays.stream(frame.argb()).filter(colour -> colour != 0))
            .boxed()
            .collect(groupingBy(Function.identity(), counting()));
    var frequent =
        counts.entrySet().stream()
            .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
            .mapToInt(Map.Entry::getKey)
            .limit(CLEAR);
    var colours = Arrays.copyOf(frequent.toArray(), CLEAR + 1);
    return new IndexColorModel(8, CLEAR + 1, colours, 0, true, CLEAR, DataBuffer.TYPE_BYTE);
  }

  private static IIOMetadataNode about(Frame frame) {
    var root = new IIOMetadataNode("javax_imageio_gif_image_1.0");
    var control = node(root, "GraphicControlExtension");
    control.setAttribute("disposalMethod", "doNotDispose");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "TRUE");
    control.setAttribute("transparentColorIndex", "" + CLEAR);
    control.setAttribute("delayTime", "" + frame.millis() / 10);
    var repeat = node(node(root, "ApplicationExtensions"), "ApplicationExtension");
    repeat.setAttribute("applicationID", "NETSCAPE");
    repeat.setAttribute("authenticationCode", "2.0");
    repeat.setUserObject(new byte[] {1, 0, 0});
    return root;
  }

  private static IIOMetadataNode node(IIOMetadataNode parent, String name) {
    var node = new IIOMetadataNode(name);
    parent.appendChild(node);
    return node;
  }
}
