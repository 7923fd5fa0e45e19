extension Printer {
    mutating func comment(_ comment: CommentStatement) {
        write("COMMENT ON ")
        switch comment.target {
        case .table(let name):
            write("TABLE ")
            qualified(name)
        case .view(let name):
            write("VIEW ")
            qualified(name)
        case .column(let column, let table):
            write("COLUMN ")
            qualified(table)
            write(".")
            identifier(column)
        case .constraint(let name, let table):
            write("CONSTRAINT ")
            identifier(name)
            write(" ON ")
            qualified(table)
        case .database(let name):
            write("DATABASE ")
            identifier(name)
        }
        write(" IS ")
        if let text = comment.text { string(text) } else { write("NULL") }
    }

    mutating func alterSchema(_ alter: AlterSchemaStatement) {
        write("ALTER SCHEMA ")
        identifier(alter.name)
        switch alter.action {
        case .renameTo(let name):
            write(" RENAME TO ")
            identifier(name)
        case .ownerTo(let name):
            write(" OWNER TO ")
            identifier(name)
        case .quota(let quota): self.quota(quota)
        }
    }

    mutating func cursor(_ cursor: CursorStatement) {
        switch cursor {
        case .declare(let name, let query):
            write("DECLARE ")
            identifier(name)
            write(" CURSOR FOR ")
            self.query(query)
        case .fetch(let fetch, let name): self.fetch("FETCH", fetch, name)
        case .move(let fetch, let name): self.fetch("MOVE", fetch, name)
        case .close(let name):
            write("CLOSE ")
            if let name { identifier(name) } else { write("ALL") }
        }
    }

    private mutating func fetch(_ verb: String, _ fetch: CursorStatement.Fetch, _ name: Identifier) {
        switch fetch {
        case .next: write("\(verb) NEXT FROM ")
        case .all: write("\(verb) ALL FROM ")
        case .forward(let count): write("\(verb) FORWARD \(count) FROM ")
        }
        identifier(name)
    }
}
