/// Word lists that names are put together from.
enum TickitWords {
    static let categories: [(group: StaticString, name: StaticString, description: StaticString)] = [
        ("Sports", "MLB", "Major League Baseball"),
        ("Sports", "NHL", "National Hockey League"),
        ("Sports", "NFL", "National Football League"),
        ("Sports", "NBA", "National Basketball Association"),
        ("Sports", "MLS", "Major League Soccer"),
        ("Shows", "Musicals", "Musical theatre"),
        ("Shows", "Plays", "All non-musical theatre"),
        ("Shows", "Opera", "All opera and light opera"),
        ("Concerts", "Pop", "All rock and pop music concerts"),
        ("Concerts", "Jazz", "All jazz singers and bands"),
        ("Concerts", "Classical", "All symphony, concerto, and choir concerts"),
    ]

    /// Where users live and venues stand; the weights, out of `cityWeight`, make a quarter of all users Californians.
    static let cities: [(name: StaticString, state: StaticString, weight: Int)] = [
        ("Los Angeles", "CA", 90), ("San Francisco", "CA", 60), ("San Diego", "CA", 50), ("Sacramento", "CA", 30),
        ("Oakland", "CA", 20), ("New York City", "NY", 80), ("Buffalo", "NY", 20), ("Houston", "TX", 40),
        ("Dallas", "TX", 35), ("Austin", "TX", 25), ("Miami", "FL", 35), ("Tampa", "FL", 25), ("Orlando", "FL", 20),
        ("Chicago", "IL", 45), ("Philadelphia", "PA", 30), ("Pittsburgh", "PA", 15), ("Columbus", "OH", 20),
        ("Cleveland", "OH", 20), ("Detroit", "MI", 25), ("Atlanta", "GA", 25), ("Charlotte", "NC", 20),
        ("Newark", "NJ", 15), ("Richmond", "VA", 15), ("Seattle", "WA", 25), ("Boston", "MA", 25),
        ("Nashville", "TN", 15), ("Indianapolis", "IN", 15), ("Phoenix", "AZ", 20), ("St. Louis", "MO", 15),
        ("Baltimore", "MD", 15), ("Milwaukee", "WI", 12), ("Minneapolis", "MN", 12), ("Denver", "CO", 15),
        ("Portland", "OR", 10), ("New Orleans", "LA", 10), ("Las Vegas", "NV", 10), ("Salt Lake City", "UT", 6),
        ("Kansas City", "KS", 6), ("Omaha", "NE", 4), ("Honolulu", "HI", 3), ("Anchorage", "AK", 2),
        ("Toronto", "ON", 8), ("Ottawa", "ON", 4), ("Montreal", "QC", 6), ("Vancouver", "BC", 5), ("Calgary", "AB", 4),
        ("Halifax", "NS", 2), ("Winnipeg", "MB", 1),
    ]
    static let cityWeight = cities.reduce(0) { $0 + $1.weight }

    static let firstNames: [StaticString] = [
        "Ada", "Alma", "Amir", "Barbara", "Basil", "Bianca", "Carla", "Cedric", "Clio", "Colin", "Dana", "Dario",
        "Edda",
        "Elias", "Emery", "Esther", "Fern", "Finn", "Gemma", "Grace", "Hana", "Hugo", "Ida", "Ines", "Ivan", "Jade",
        "Jonas", "June", "Kai", "Karen", "Lars", "Leah", "Luis", "Mara", "Milo", "Nadia", "Nero", "Noel", "Olga",
        "Omar",
        "Paula", "Quinn", "Rafael", "Rhea", "Rosa", "Samir", "Selma", "Tara", "Theo", "Uma", "Vera", "Victor", "Wanda",
        "Xenia", "Yara", "Yusuf", "Zelda", "Zoe",
    ]

    static let lastNames: [StaticString] = [
        "Abbott", "Alvarez", "Andersen", "Baker", "Barros", "Becker", "Bishop", "Calder", "Castro", "Chen", "Cole",
        "Dalton", "Diaz", "Dunn", "Eaton", "Ellis", "Farrell", "Fischer", "Flores", "Gallagher", "Garner", "Gupta",
        "Hansen", "Hayes", "Hollis", "Ibarra", "Ingram", "Jensen", "Juarez", "Keller", "Khan", "Kirby", "Lambert",
        "Lopez",
        "Lowe", "Marsh", "Medina", "Moreno", "Nash", "Nguyen", "Ochoa", "Osborne", "Park", "Patel", "Quinn", "Ramsey",
        "Rossi", "Salazar", "Schmidt", "Sharp", "Silva", "Tanaka", "Todd", "Underwood", "Vance", "Vogel", "Walsh",
        "Weber",
        "Yates", "Zimmer",
    ]

    static let mailWords: [StaticString] = [
        "amet", "arcu", "dolor", "elit", "fusce", "ipsum", "justo", "lorem", "magna", "nulla", "odio", "purus", "quam",
        "rhoncus", "sapien", "tellus", "urna", "velit",
    ]
    static let mailDomains: [StaticString] = ["example.com", "example.net", "example.org", "mail.example.edu"]

    static let venueWords: [StaticString] = [
        "Harbor", "Union", "Lakeside", "Granite", "Liberty", "Orchard", "Pioneer", "Riverside", "Summit", "Meadow",
        "Empire",
        "Cedar", "Beacon", "Majestic", "Palace", "Lyric", "Royal", "Grand", "Star", "Garden",
    ]
    static let arenaKinds: [StaticString] = ["Arena", "Stadium", "Field", "Center", "Park"]
    static let theatreKinds: [StaticString] = ["Theatre", "Opera House", "Hall"]

    /// Event names are one of the first words and one of the second: 4 categories × 144 = 576 names.
    static let eventNamesPerCategory = 144
    static let eventWords: [(first: [StaticString], second: [StaticString])] = [
        (  // 6: Musicals
            [
                "Dancing", "Singing", "Midnight", "Golden", "Dizzy", "Paper", "Velvet", "Summer", "Broadway",
                "Electric",
                "Little", "Lucky",
            ],
            [
                "Avenue", "Carousel", "Daydream", "Follies", "Gentlemen", "Harmony", "Jubilee", "Lullaby", "Masquerade",
                "Parade", "Serenade", "Shoes",
            ]
        ),
        (  // 7: Plays
            [
                "The Last", "The Silent", "The Second", "The Stolen", "A Winter's", "The Merry", "The Honest",
                "A Distant",
                "The Broken", "The Clever", "A Perfect", "The Other",
            ],
            [
                "Widow", "Garden", "Letter", "Brother", "Season", "Mirror", "Stranger", "Bargain", "Island", "Witness",
                "Portrait", "Visitor",
            ]
        ),
        (  // 8: Opera
            [
                "La Bella", "Il Grande", "La Notte di", "L'Amore di", "Il Sogno di", "La Regina di", "Il Ritorno di",
                "La Danza di", "Il Segreto di", "La Voce di", "Il Cavaliere di", "La Stella di",
            ],
            [
                "Verona", "Napoli", "Alba", "Fiore", "Granada", "Siena", "Palermo", "Corinto", "Lucera", "Ravenna",
                "Trieste",
                "Aurora",
            ]
        ),
        (  // 9: Pop
            [
                "Neon", "Velvet", "Electric", "Wild", "Paper", "Crystal", "Desert", "Static", "Hollow", "Silver",
                "Radio",
                "Lost",
            ],
            [
                "Foxes", "Tigers", "Lanterns", "Rockets", "Ghosts", "Pilots", "Orchids", "Satellites", "Wolves",
                "Engines",
                "Rivers", "Parachutes",
            ]
        ),
    ]
}
