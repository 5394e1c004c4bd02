// An engine in Java, with the JDK alone: java Engine.java [PORT]
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

public class Engine {
  // A real engine reads JSON with a library: this one finds a text without escapes in it.
  static final Pattern TEXT = Pattern.compile("\"text\"\\s*:\\s*\"([^\"\\\\]*)\"");

  public static void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8701;
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", Engine::answer);
    server.start();
  }

  static void answer(HttpExchange call) throws IOException {
    var text = TEXT.matcher(new String(call.getRequestBody().readAllBytes(), "UTF-8"));
    var found = text.find();
    call.getResponseHeaders().set("Content-Type", "application/json");
    if (found) call.getResponseHeaders().set("Behalf-Units", "" + text.group(1).strip().split("\\s+").length);
    var body = found
        ? "{\"text\":\"" + text.group(1).toUpperCase() + "\"}"
        : "{\"code\":\"no_text\",\"detail\":\"The input has no text without escapes.\"}";
    var bytes = body.getBytes("UTF-8");
    call.sendResponseHeaders(found ? 200 : 422, bytes.length);
    try (var out = call.getResponseBody()) { out.write(bytes); }
  }
}
