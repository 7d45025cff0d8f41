package io.dualpost.demo;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The transaction state of one POP3 connection (RFC 1939 section 5), and the update that QUIT alone brings. */
final class Maildrop {
    private final LineConnection line;
    private final DemoMail mail;
    private final String user;
    private final List<DemoMail.Message> messages;
    private final BitSet deleted = new BitSet();

    Maildrop(LineConnection line, DemoMail mail, String user, Origin origin) {
        this.line = line;
        this.mail = mail;
        this.user = user;
        this.messages = mail.box(user, origin);
    }

    /** Talks until QUIT. */
    void run() throws IOException {
        while (true) {
            Pop3Command command = Pop3Command.of(line.readLine());
            switch (command.verb()) {
                case "CAPA" -> line.say(Pop3Command.capabilities());
                case "STAT" -> line.say("+OK " + summary());
                case "LIST" -> list(command.words(), i -> String.valueOf(size(i)));
                case "UIDL" -> list(command.words(), i -> messages.get(i).uid());
                case "RETR" -> retrieve(command.words());
                case "TOP" -> top(command.words());
                case "DELE" -> delete(command.words());
                case "RSET" -> {
                    deleted.clear();
                    line.say("+OK");
                }
                case "NOOP" -> line.say("+OK");
                case "QUIT" -> {
                    quit();
                    return;
                }
                default -> line.say("-ERR Unknown command.");
            }
        }
    }

    private IntStream present() {
        return IntStream.range(0, messages.size()).filter(i -> !deleted.get(i));
    }

    private int size(int index) {
        return messages.get(index).octets().length();
    }

    private String summary() {
        return present().count() + " " + present().mapToLong(this::size).sum();
    }

    private void list(List<String> words, Function<Integer, String> fact) throws IOException {
        if (!words.isEmpty()) {
            int index = find(words, 1);
            if (index >= 0) {
                line.say("+OK " + (index + 1) + " " + fact.apply(index));
            }
            return;
        }
        line.write(present().mapToObj(i -> (i + 1) + " " + fact.apply(i) + "\r\n")
                .collect(Collectors.joining("", "+OK " + present().count() + " messages:\r\n", ".\r\n")));
    }

    private void retrieve(List<String> words) throws IOException {
        int index = find(words, 1);
        if (index >= 0) {
            send("+OK " + size(index) + " octets", messages.get(index).octets());
        }
    }

    private void top(List<String> words) throws IOException {
        int index = find(words, 2);
        if (index < 0) {
            return;
        }
        if (!words.getLast().matches("[0-9]{1,9}")) {
            line.say("-ERR Invalid number of lines.");
            return;
        }
        String octets = messages.get(index).octets();
        int end = octets.indexOf("\r\n\r\n");
        end = end < 0 ? octets.length() : end + 4;
        for (int left = Integer.parseInt(words.getLast()); left > 0 && end < octets.length(); left--) {
            end = octets.indexOf("\r\n", end) + 2;
        }
        send("+OK", octets.substring(0, end));
    }

    private void delete(List<String> words) throws IOException {
        int index = find(words, 1);
        if (index >= 0) {
            deleted.set(index);
            line.say("+OK Marked to be deleted.");
        }
    }

    private void quit() throws IOException {
        mail.delete(user, deleted.stream().mapToObj(i -> messages.get(i).uid()).toList());
        line.say(deleted.isEmpty() ? "+OK Logging out." : "+OK Logging out, messages deleted.");
    }

    /** The index of the message that the first of {@code count} words names, or -1 after having said why not. */
    private int find(List<String> words, int count) throws IOException {
        if (words.size() != count || !words.getFirst().matches("[0-9]{1,9}")) {
            line.say("-ERR Invalid arguments.");
            return -1;
        }
        int index = Integer.parseInt(words.getFirst()) - 1;
        if (index < 0 || index >= messages.size() || deleted.get(index)) {
            line.say("-ERR There's no message " + words.getFirst() + ".");
            return -1;
        }
        return index;
    }

    private void send(String answer, String octets) throws IOException {
        String stuffed = ("\r\n" + octets).replace("\r\n.", "\r\n..");
        line.write(answer + stuffed + ".\r\n");
    }
}
