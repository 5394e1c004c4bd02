package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void a_port_is_below_those_that_linux_gives_to_connections() {
    for (int i = 0; i < 50; i++) {
      assertThat(Ports.free()).isBetween(20_000, 31_999);
    }
  }

  @Test
  void two_at_once_never_get_the_same_port() throws Exception {
    var given = new HashSet<Integer>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Callable<Integer>> calls =
          IntStream.range(0, 100).<Callable<Integer>>mapToObj(i -> Ports::free).toList();
      for (var port : threads.invokeAll(calls)) {
        assertThat(given.add(port.get())).as("port %d is new", port.get()).isTrue();
      }
    }
  }

  @Test
  void a_wished_port_is_given_if_it_is_free() {
    var wished = Ports.free();

    assertThat(Ports.freeOr(wished)).isEqualTo(wished);
  }

  @Test
  void another_port_is_given_for_one_in_use() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = Ports.freeOr(taken.getLocalPort());

      assertThat(port).isNotEqualTo(taken.getLocalPort()).isBetween(20_000, 31_999);
    }
  }

  @Test
  void another_port_is_given_for_one_that_a_program_uses_on_ipv6_alone() throws Exception {
    try (var taken = new ServerSocket()) {
      var wished = Ports.free();
      assumeTrue(isBound(taken, wished), "This machine has no IPv6.");

      assertThat(Ports.freeOr(wished)).isNotEqualTo(wished);
    }
  }

  private static boolean isBound(ServerSocket socket, int port) {
    try {
      socket.bind(new InetSocketAddress(Ports.ipv6Loopback(), port));
      return true;
    } catch (IOException noIpv6) {
      return false;
    }
  }

  @Test
  void no_wish_is_any_port() {
    assertThat(Ports.freeOr(0)).isBetween(20_000, 31_999);
  }
}
