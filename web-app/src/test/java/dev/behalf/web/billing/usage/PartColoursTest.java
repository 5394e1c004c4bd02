package dev.behalf.web.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The colours of a chart's parts are told apart in grey, and by readers who see fewer hues. */
class PartColoursTest {

  /** Two colours with this distance in CIELAB differ at a glance; 2 is barely visible. */
  private static final double LEAST_DISTANCE = 20;

  enum Theme {
    LIGHT,
    DARK
  }

  /**
   * How somebody sees, as a matrix of linear RGB: Machado, Oliveira, Fernandes, "A
   * Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.
   */
  enum Sight {
    COMMON,
    PROTANOPIA,
    DEUTERANOPIA,
    TRITANOPIA;

    private double[] matrix() {
      return switch (this) {
        case COMMON -> new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1};
        case PROTANOPIA ->
            new double[] {
              0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116,
              1.051998
            };
        case DEUTERANOPIA ->
            new double[] {
              0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940,
              0.968881
            };
        case TRITANOPIA ->
            new double[] {
              1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367,
              0.303900
            };
      };
    }

    private Colour of(Colour seen) {
      return new Colour(row(0, seen), row(3, seen), row(6, seen));
    }

    private double row(int at, Colour seen) {
      var row = matrix();
      return Math.clamp(
          row[at] * seen.red + row[at + 1] * seen.green + row[at + 2] * seen.blue, 0, 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void each_stands_out_from_the_page(Theme theme) throws IOException {
    var page = colour("--bg", theme);

    assertThat(parts(theme)).allMatch(part -> part.contrast(page) >= 3);
  }

  @ParameterizedTest
  @EnumSource
  void neighbours_differ_in_luminance_and_so_does_any_pair(Theme theme) throws IOException {
    var parts = parts(theme);

    for (var pair : pairs(parts.size())) {
      var areNeighbours = pair[1] - pair[0] == 1;
      assertThat(parts.get(pair[0]).contrast(parts.get(pair[1])))
          .as("%s: part %d beside part %d", theme, pair[0], pair[1])
          .isGreaterThan(areNeighbours ? 2.5 : 1.3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void any_two_differ_for_colour_blind_readers(Sight sight) throws IOException {
    for (var theme : Theme.values()) {
      var parts = parts(theme).stream().map(sight::of).toList();
      for (var pair : pairs(parts.size())) {
        assertThat(parts.get(pair[0]).distance(parts.get(pair[1])))
            .as("%s, %s: part %d beside part %d", sight, theme, pair[0], pair[1])
            .isGreaterThan(LEAST_DISTANCE);
      }
    }
  }

  /** A colour of linear RGB, each from 0 to 1. */
  private record Colour(double red, double green, double blue) {

    static Colour of(String hex) {
      var rgb = Integer.parseInt(hex, 16);
      return new Colour(linear(rgb >> 16), linear(rgb >> 8 & 0xFF), linear(rgb & 0xFF));
    }

    private static double linear(int value) {
      var share = value / 255.0;
      return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }

    private double luminance() {
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }

    /** Returns the contrast ratio of WCAG 2.2. */
    double contrast(Colour other) {
      var lighter = Math.max(luminance(), other.luminance());
      var darker = Math.min(luminance(), other.luminance());
      return (lighter + 0.05) / (darker + 0.05);
    }

    /** Returns the distance in CIELAB (CIE 1976). */
    double distance(Colour other) {
      var mine = lab();
      var theirs = other.lab();
      return Math.sqrt(
          IntStream.range(0, 3).mapToDouble(at -> Math.pow(mine[at] - theirs[at], 2)).sum());
    }

    private double[] lab() {
      var x = root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
      var y = root(luminance());
      var z = root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
      return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
    }

    private static double root(double value) {
      return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16.0 / 116;
    }
  }

  private static List<Colour> parts(Theme theme) throws IOException {
    var parts = new Colour[6];
    for (int part = 0; part < parts.length; part++) {
      parts[part] = colour("--part-" + part, theme);
    }
    return Arrays.asList(parts);
  }

  private static List<int[]> pairs(int count) {
    return IntStream.range(0, count)
        .boxed()
        .flatMap(a -> IntStream.range(a + 1, count).mapToObj(b -> new int[] {a, b}))
        .toList();
  }

  private static Colour colour(String token, Theme theme) throws IOException {
    var tokens = Files.readString(Path.of("src", "main", "resources", "static", "tokens.css"));
    var found =
        Pattern.compile(token + ": light-dark\\(#([0-9A-F]{6}), #([0-9A-F]{6})\\);")
            .matcher(tokens);
    assertThat(found.find()).as(token).isTrue();
    return Colour.of(found.group(theme == Theme.LIGHT ? 1 : 2));
  }
}
