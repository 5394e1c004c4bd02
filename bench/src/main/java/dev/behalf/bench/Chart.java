package dev.behalf.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A bar chart as an SVG image for light and dark pages. Each horizontal bar has its figure, so that
 * the chart can be read without its colours.
 */
record Chart(String title, String unit, Map<String, Double> bars) {

  private static final int ROW = 26;
  private static final int TOP = 40;
  private static final int LABELS = 190;
  private static final int WIDTH = 720;
  private static final int LONGEST = WIDTH - LABELS - 90;

  private static final String STYLE =
      "text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}.bar{fill:#3b6ea8}"
          + "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.bar{fill:#7fb0e6}}";

  /** Returns a chart with a bar for each named figure, leaving out those that were not measured. */
  static Chart of(String title, String unit, Figures figures, Map<String, String> names) {
    var bars = new LinkedHashMap<String, Double>();
    names.forEach(
        (name, label) -> {
          double value = figures.get(name);
          if (!Double.isNaN(value)) {
            bars.put(label, value);
          }
        });
    return new Chart(title, unit, bars);
  }

  String svg() {
    double most = bars.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
    var svg = new StringBuilder();
    int height = TOP + bars.size() * ROW + 8;
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, height, title));
    svg.append("<style>").append(STYLE).append("</style>\n");
    svg.append("<text class=\"title\" x=\"0\" y=\"18\">%s</text>\n".formatted(title));
    int y = TOP;
    for (var bar : bars.entrySet()) {
      long length = Math.round(LONGEST * bar.getValue() / most);
      svg.append(
          "<text x=\"0\" y=\"%d\">%s</text><rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"16\" rx=\"2\"/><text x=\"%d\" y=\"%d\">%s</text>\n"
              .formatted(
                  y + 13,
                  bar.getKey(),
                  LABELS,
                  y,
                  Math.max(1, length),
                  LABELS + length + 6,
                  y + 13,
                  text(bar.getValue())));
      y += ROW;
    }
    return svg.append("</svg>\n").toString();
  }

  private String text(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f %s" : "%.2f %s", value, unit);
  }
}
