package dev.behalf.web.work.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.behalf.operation.Definition;
import dev.behalf.operation.Definitions;
import dev.behalf.operation.Engine;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShippedDefinitionsTest {

  private static final String ADDRESS = "http://127.0.0.1:11434/v1";

  @Test
  void without_a_chat_server_each_definition_has_a_built_in_engine() throws IOException {
    assertThat(read(new ChatSettings("", " ", "")))
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.engine()).isInstanceOf(Engine.Builtin.class));
  }

  @Test
  void one_setting_adds_the_chat_operations() throws IOException {
    assertThat(read(new ChatSettings(ADDRESS, "llama3.2: \"big\"", "llm")))
        .filteredOn(one -> one.engine() instanceof Engine.Chat)
        .hasSize(2)
        .allSatisfy(
            one -> {
              assertThat(one.engine())
                  .isEqualTo(
                      new Engine.Chat(URI.create(ADDRESS), "llama3.2: \"big\"", "llm", null));
              assertThat(one.isLong()).isTrue();
              assertThat(one.units().isMetered()).isTrue();
              assertThat(one.examples()).isNotEmpty();
            });
  }

  @Test
  void an_address_without_a_model_is_no_setting() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ChatSettings(ADDRESS, null, null))
        .withMessageContaining("behalf.chat.model");
  }

  private static List<Definition> read(ChatSettings settings) throws IOException {
    return new ShippedDefinitions(settings).files().stream().map(Definitions::read).toList();
  }
}
