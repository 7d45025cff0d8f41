package io.dualpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FamilyOrdersTest {
    private static final Instant LATER = Instant.parse("2999-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    private Optional<Path> file() {
        return Optional.of(folder.resolve("family"));
    }

    @Test
    void whatIsKeptOutlivesTheProcessAndTheRestDoesNot() throws Exception {
        FamilyOrders orders = FamilyOrders.read(file());
        orders.disable(List.of("pop"), Optional.of(LATER), true);
        orders.disable(List.of("submission"), Optional.empty(), false);
        assertThat(Files.readString(file().get())).isEqualTo("pop 2999-01-01T00:00:00Z\n");

        FamilyOrders after = FamilyOrders.read(file());
        assertThat(after.of("pop")).contains(new FamilyOrders.Order(Optional.of(LATER), true));
        assertThat(after.of("submission")).isEmpty();
        after.enable(List.of("pop"));
        assertThat(FamilyOrders.read(file()).of("pop")).isEmpty();
    }

    @Test
    void anOrderEndsByItself() throws Exception {
        FamilyOrders orders = FamilyOrders.read(Optional.empty());
        orders.disable(List.of("pop"), Optional.of(Instant.EPOCH), false);
        assertThat(orders.of("pop")).isEmpty();
    }

    @Test
    void withoutAFileNothingCanBeKeptAndNothingChanges() throws Exception {
        FamilyOrders orders = FamilyOrders.read(Optional.empty());
        assertThatThrownBy(() -> orders.disable(List.of("pop"), Optional.empty(), true))
                .isInstanceOf(IOException.class).hasMessageContaining("gate.ipv6.state");
        assertThat(orders.of("pop")).isEmpty();
    }

    @Test
    void aFileThatCannotBeWrittenChangesNothing() throws Exception {
        FamilyOrders orders = FamilyOrders.read(Optional.of(folder.resolve("missing/family")));
        assertThatThrownBy(() -> orders.disable(List.of("pop"), Optional.empty(), true))
                .isInstanceOf(IOException.class);
        assertThat(orders.of("pop")).isEmpty();
    }

    @Test
    void aLineThatCannotBeUnderstoodIsNamed() throws Exception {
        Files.writeString(file().get(), "pop -\nsubmission soon\n");
        assertThatThrownBy(() -> FamilyOrders.read(file())).isInstanceOf(IOException.class)
                .hasMessageContaining("family:2: submission soon (expected: ");
    }
}
